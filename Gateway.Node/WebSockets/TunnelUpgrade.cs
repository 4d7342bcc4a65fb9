using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Node.WebSockets;

/// <summary>Has the stream that a WebSocket upgrade gives be a <see cref="GoingAwayStream"/>.</summary>
internal sealed class TunnelUpgrade(IHttpUpgradeFeature inner, Tunnels tunnels) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync() => new GoingAwayStream(await inner.UpgradeAsync(), tunnels);
}
