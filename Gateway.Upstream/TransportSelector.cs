using Gateway.Core.Endpoints;
using Gateway.Core.Outcomes;
using Gateway.Upstream.Forwarding;
using Gateway.Upstream.Http1;

namespace Gateway.Upstream;

/// <summary>Sends what upgrades by the forwarder, which knows how, and all else by the native transport.</summary>
public sealed class TransportSelector(Http1Transport native, ForwarderTransport forwarder) : ITransport, IConnectionCounts
{
    public ValueTask<AttemptReport> SendAsync(Exchange exchange, EndpointCell endpoint) =>
        HopByHop.IsWebSocket(exchange.Context.Request) ? forwarder.SendAsync(exchange, endpoint) : native.SendAsync(exchange, endpoint);

    public (int Open, long Created) Read(EndpointCell endpoint)
    {
        var (open, created) = native.Read(endpoint);
        var (more, moreCreated) = forwarder.Read(endpoint);
        return (open + more, created + moreCreated);
    }

    /// <summary>Closes the endpoint's connections: idle ones now, busy ones when done.</summary>
    public void Retire(EndpointCell endpoint)
    {
        native.Retire(endpoint);
        forwarder.Retire(endpoint);
    }
}
