using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Node.Proxying;

/// <summary>Where one client's requests are served in turn (over HTTP/2: those of one stream after another), and what is kept between them.</summary>
internal sealed class RequestSlot
{
    private CancellationToken? _connectionClosed;

    public DefaultHttpContext Context { get; } = new();

    /// <summary>What was told of the client at its last request: mostly the same is to be told again.</summary>
    public ClientIdentity Identity { get; } = new();

    /// <summary>Over HTTP/1 the end of the connection, which costs less to watch than the request's own; over HTTP/2 many share one.</summary>
    public CancellationToken ClientGone =>
        HttpProtocol.IsHttp2(Context.Request.Protocol)
            ? Context.RequestAborted
            : (_connectionClosed ??= Context.Features.Get<IConnectionLifetimeFeature>()?.ConnectionClosed) ?? Context.RequestAborted;
}
