using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gateway.Core.Cells;
using Gateway.Upstream;

namespace Gateway.Node.Engine;

/// <summary>The connections of all loops to the backends, by endpoint.</summary>
internal sealed class ConnectionCounts : IConnectionCounts
{
    /// <summary>Includes endpoints that have left while any of their places are taken: a place is released where it was taken.</summary>
    private readonly ConditionalWeakTable<EndpointCell, EndpointConnections> _endpoints = [];

    private readonly ConcurrentBag<ProxyLoop> _loops = [];

    public EndpointConnections Of(EndpointCell cell) => _endpoints.GetValue(cell, static c => new EndpointConnections(c));

    /// <summary>Registers a loop, which is then notified of leaving endpoints.</summary>
    public void Add(ProxyLoop loop) => _loops.Add(loop);

    /// <summary>Asks the other loops to give an idle connection to a waiting attempt.</summary>
    public void AskOthers(ProxyLoop asking, EndpointCell cell)
    {
        foreach (var loop in _loops)
        {
            if (loop != asking)
            {
                loop.Wire.Post(() => loop.PoolOf(cell).Yield());
            }
        }
    }

    public ConnectionReading Read(EndpointCell endpoint) => _endpoints.TryGetValue(endpoint, out var known) ? known.Reading : default;

    /// <summary>Called when the endpoint has left its pool: idle connections close now, busy ones when done.</summary>
    public void Retire(EndpointCell endpoint)
    {
        Of(endpoint).Retire();
        foreach (var loop in _loops)
        {
            loop.Wire.Post(() => loop.Forget(endpoint));
        }
    }
}
