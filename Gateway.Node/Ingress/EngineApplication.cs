using Gateway.Node.State;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Node.Ingress;

/// <summary>
/// Passes Kestrel's requests to the engine. Kestrel keeps the relay with the client's connection or stream, so one relay serves all of its requests in turn.
/// </summary>
internal sealed class EngineApplication(GatewayState state) : IHttpApplication<RequestRelay>
{
    public RequestRelay CreateContext(IFeatureCollection contextFeatures)
    {
        var container = contextFeatures as IHostContextContainer<RequestRelay>;
        var relay = container?.HostContext ?? new RequestRelay();
        container?.HostContext = relay;
        relay.Context.Initialize(contextFeatures);
        return relay;
    }

    public Task ProcessRequestAsync(RequestRelay context) => context.ServeAsync(state);

    public void DisposeContext(RequestRelay context, Exception? exception) => context.Context.Uninitialize();
}
