using Gateway.Core.Endpoints;
using Gateway.Core.Outcomes;

namespace Gateway.Upstream.Http2;

/// <summary>The transport to backends that speak HTTP/2, over the connections of <see cref="Http2Pools"/>.</summary>
public sealed class Http2Transport(Http2Pools pools) : ITransport, IConnectionCounts
{
    public async ValueTask<AttemptReport> SendAsync(Exchange exchange, EndpointCell endpoint)
    {
        using var attempt = new Http2Attempt(exchange, pools.Of(endpoint, exchange.Pool.Connections, exchange.Edition), pools.Clock);
        return await attempt.RunAsync();
    }

    /// <summary>Connections are shared: there is none to wait for, only the endpoint's limit.</summary>
    public bool CanQueue(Exchange exchange) => false;

    public ConnectionReading Read(EndpointCell endpoint) => pools.Read(endpoint);

    /// <summary>Closes the endpoint's connections: idle ones now, busy ones when done. For an endpoint that left its pool.</summary>
    public void Retire(EndpointCell endpoint) => pools.Retire(endpoint);
}
