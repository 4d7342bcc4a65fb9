using Gateway.Core.Cells;
using Gateway.Upstream;
using Gateway.Upstream.Http2;

namespace Gateway.Node.Engine;

/// <summary>All connections to backends: the loops' own, and the shared HTTP/2 ones.</summary>
internal sealed class AllConnections(ConnectionCounts own, Http2Pools http2) : IConnectionCounts
{
    public ConnectionReading Read(EndpointCell endpoint) => own.Read(endpoint) + http2.Read(endpoint);

    /// <summary>Called when the endpoint has left its pool: idle connections close now, busy ones when done.</summary>
    public void Retire(EndpointCell endpoint)
    {
        own.Retire(endpoint);
        http2.Retire(endpoint);
    }
}
