using Gateway.Core.Endpoints;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;
using Gateway.Upstream.Http1;
using Gateway.Upstream.Http2;

namespace Gateway.Upstream;

/// <summary>Sends each request by the protocol that its pool's backends speak.</summary>
public sealed class TransportSelector(Http1Transport http1, Http2Transport http2) : ITransport, IConnectionCounts
{
    public ValueTask<AttemptReport> SendAsync(Exchange exchange, EndpointCell endpoint) =>
        For(exchange).SendAsync(exchange, endpoint);

    public bool CanQueue(Exchange exchange) => For(exchange).CanQueue(exchange);

    public ConnectionReading Read(EndpointCell endpoint) => http1.Read(endpoint) + http2.Read(endpoint);

    /// <summary>Closes the endpoint's connections: idle ones now, busy ones when done.</summary>
    public void Retire(EndpointCell endpoint)
    {
        http1.Retire(endpoint);
        http2.Retire(endpoint);
    }

    private ITransport For(Exchange exchange) => exchange.Pool.Connections.Protocol == BackendProtocol.Http2 ? http2 : http1;
}
