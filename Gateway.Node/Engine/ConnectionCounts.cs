using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gateway.Core.Cells;
using Gateway.Upstream;

namespace Gateway.Node.Engine;

/// <summary>The backends' connections of all loops, by endpoint.</summary>
internal sealed class ConnectionCounts : IConnectionCounts
{
    /// <summary>Of endpoints that have left too, for as long as anybody holds a place there: it is given back to where it was taken from.</summary>
    private readonly ConditionalWeakTable<EndpointCell, EndpointConnections> _endpoints = [];

    private readonly ConcurrentBag<ProxyLoop> _loops = [];

    public EndpointConnections Of(EndpointCell cell) => _endpoints.GetValue(cell, static c => new EndpointConnections(c));

    /// <summary>From here on the loop is told of endpoints that leave.</summary>
    public void Add(ProxyLoop loop) => _loops.Add(loop);

    /// <summary>Has the other loops give up an idle connection to whoever waits.</summary>
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

    /// <summary>The endpoint has left its pool: idle connections close now, busy ones when done.</summary>
    public void Retire(EndpointCell endpoint)
    {
        Of(endpoint).Retire();
        foreach (var loop in _loops)
        {
            loop.Wire.Post(() => loop.Forget(endpoint));
        }
    }
}
