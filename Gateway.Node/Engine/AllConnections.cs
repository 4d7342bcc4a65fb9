using Gateway.Core.Endpoints;
using Gateway.Upstream;

namespace Gateway.Node.Engine;

/// <summary>Connections to backends, whoever made them: the transports beneath Kestrel, or the engine.</summary>
internal sealed class AllConnections(TransportSelector transport, ConnectionCounts engine) : IConnectionCounts
{
    public ConnectionReading Read(EndpointCell endpoint) => transport.Read(endpoint) + engine.Read(endpoint);

    /// <summary>The endpoint has left its pool: idle connections close now, busy ones when done.</summary>
    public void Retire(EndpointCell endpoint)
    {
        transport.Retire(endpoint);
        engine.Retire(endpoint);
    }
}
