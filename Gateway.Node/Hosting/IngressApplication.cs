using Gateway.Node.Proxying;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Node.Hosting;

/// <summary>
/// What Kestrel hands requests to: the proxy, directly. ASP.NET's own application would begin an activity and a log scope for each request,
/// which nobody looks at here. The server keeps the slot with the client's connection, so one serves all of its requests in turn.
/// </summary>
internal sealed class IngressApplication(ProxyHandler proxy) : IHttpApplication<RequestSlot>
{
    public RequestSlot CreateContext(IFeatureCollection contextFeatures)
    {
        var container = contextFeatures as IHostContextContainer<RequestSlot>;
        var slot = container?.HostContext ?? new RequestSlot();
        container?.HostContext = slot;
        slot.Context.Initialize(contextFeatures);
        return slot;
    }

    public Task ProcessRequestAsync(RequestSlot context) => proxy.HandleAsync(context);

    /// <summary>What goes wrong unexpectedly has been logged by the proxy; the server ends the connection.</summary>
    public void DisposeContext(RequestSlot context, Exception? exception) => context.Context.Uninitialize();
}
