using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gateway.Core.Cells;
using Gateway.Core.Connecting;

namespace Gateway.Upstream.Http2;

/// <summary>The pools of HTTP/2 connections, one per endpoint, created at first use. Thread-safe.</summary>
/// <param name="random">Returns random numbers in [0, 1), for the jitter of lifetimes.</param>
public sealed class Http2Pools(BackendTls tls, TimeProvider clock, Func<double> random) : IConnectionCounts, IDisposable
{
    private readonly ConcurrentDictionary<EndpointCell, Current> _pools = new();
    private readonly ConditionalWeakTable<EndpointCell, ConnectionCount> _counts = [];
    private readonly ConditionalWeakTable<EndpointCell, object> _retired = [];

    internal TimeProvider Clock => clock;

    public ConnectionReading Read(EndpointCell endpoint)
    {
        if (!_counts.TryGetValue(endpoint, out var count))
        {
            return default;
        }

        var idle = _pools.TryGetValue(endpoint, out var current) ? current.Pool.Idle : 0;
        return new(count.Open, count.Created, idle);
    }

    /// <summary>Closes the endpoint's connections: idle ones now, busy ones when done. Call it when the endpoint leaves its pool.</summary>
    public void Retire(EndpointCell endpoint)
    {
        _retired.AddOrUpdate(endpoint, endpoint);
        if (_pools.TryRemove(endpoint, out var current))
        {
            current.Pool.Retire();
        }
    }

    public void Dispose()
    {
        foreach (var endpoint in _pools.Keys)
        {
            Retire(endpoint);
        }
    }

    /// <summary>
    /// Returns the endpoint's pool. Only newer settings replace a pool: a request begun under older settings uses those in force.
    /// </summary>
    internal Http2Pool Of(EndpointCell endpoint, ConnectionPolicy policy, long edition)
    {
        while (true)
        {
            if (_pools.TryGetValue(endpoint, out var current))
            {
                if (current.Edition >= edition)
                {
                    return current.Pool;
                }

                if (current.Pool.Policy == policy)
                {
                    _pools.TryUpdate(endpoint, current with { Edition = edition }, current);
                    return current.Pool;
                }
            }

            var fresh = new Http2Pool(endpoint.Id.Address, policy, tls, _counts.GetValue(endpoint, _ => new()), clock, random);
            if (_retired.TryGetValue(endpoint, out _))
            {
                fresh.Retire(); // The endpoint was picked just before it left: its connections close when they are done.
                return fresh;
            }

            var replaces = new Current(fresh, edition);
            if (current is null ? _pools.TryAdd(endpoint, replaces) : _pools.TryUpdate(endpoint, replaces, current))
            {
                current?.Pool.Retire();
                if (_retired.TryGetValue(endpoint, out _))
                {
                    Retire(endpoint); // It left after the check above, and too early for this pool to be found.
                }

                return fresh;
            }
        }
    }

    /// <summary>An endpoint's pool, and the newest settings known to have the same connection policy.</summary>
    private sealed record Current(Http2Pool Pool, long Edition);
}
