using System.Collections.Immutable;
using Gateway.Core.Analytics;
using Gateway.Core.Pools;
using Gateway.Node.State;

namespace Gateway.Node.Metrics;

/// <summary>
/// The last quarter of an hour by route, pool and endpoint. Samples existing counters every 15 s, and on each query: requests pay only for their route's
/// <see cref="LoopTally"/>.
/// </summary>
internal sealed class TrafficAnalytics(GatewayMetrics metrics, GatewayState state, TimeProvider clock)
{
    private readonly AnalyticsBook _book = new(clock.GetElapsedTime(0));
    private readonly Lock _looking = new();

    /// <summary>Takes a sample if it is due.</summary>
    public void Tick(TimeSpan now)
    {
        lock (_looking)
        {
            if (_book.IsDue(now))
            {
                Look(now);
            }
        }
    }

    /// <summary>This replica's counts up to now.</summary>
    public ImmutableArray<SeriesReading> Read(AnalyticsQuery query)
    {
        lock (_looking)
        {
            Look(clock.GetElapsedTime(0));
            return _book.Read(query);
        }
    }

    private void Look(TimeSpan now)
    {
        var kept = new HashSet<SeriesKey>();
        if (state.Configured is { Settings.Routes: var routes, Pools: var pools })
        {
            kept.UnionWith(pools.Keys.Select(SeriesKey.OfPool));
            metrics.Routes.Keep(routes.IsEmpty ? new HashSet<string> { PoolSettings.DefaultName } : routes.Select(route => route.Name).ToHashSet());
        }

        var sources = new List<ISeriesSource>(metrics.Routes.All);
        foreach (var backend in metrics.Backends)
        {
            sources.Add(backend.RequestSeries);
            if (backend.AttemptSeries is { } attempts)
            {
                sources.Add(attempts);
            }
        }

        _book.Take(now, sources, kept);
    }
}
