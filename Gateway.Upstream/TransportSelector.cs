using Gateway.Core.Endpoints;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;
using Gateway.Upstream.Forwarding;
using Gateway.Upstream.Http1;

namespace Gateway.Upstream;

/// <summary>Sends what goes to HTTP/2 backends by the forwarder, which knows how, and all else by the native transport.</summary>
public sealed class TransportSelector(Http1Transport native, ForwarderTransport forwarder) : ITransport, IConnectionCounts
{
    public ValueTask<AttemptReport> SendAsync(Exchange exchange, EndpointCell endpoint) =>
        For(exchange).SendAsync(exchange, endpoint);

    public bool CanQueue(Exchange exchange) => For(exchange).CanQueue(exchange);

    public ConnectionReading Read(EndpointCell endpoint) => native.Read(endpoint) + forwarder.Read(endpoint);

    /// <summary>Closes the endpoint's connections: idle ones now, busy ones when done.</summary>
    public void Retire(EndpointCell endpoint)
    {
        native.Retire(endpoint);
        forwarder.Retire(endpoint);
    }

    private ITransport For(Exchange exchange) =>
        exchange.Pool.Connections.Protocol == BackendProtocol.Http2 ? forwarder : native;
}
