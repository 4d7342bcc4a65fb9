using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Node.Routing;
using Prometheus;

namespace Gateway.Node.Metrics;

/// <summary>Counts copies of requests, separately from the requests themselves.</summary>
internal sealed class MirrorMetrics
{
    private readonly MirrorInstruments _instruments;
    private FrozenDictionary<(string Route, string Pool), MirrorSeries> _series = FrozenDictionary<(string Route, string Pool), MirrorSeries>.Empty;

    public MirrorMetrics(CollectorRegistry registry)
    {
        _instruments = new(registry);
        registry.AddBeforeCollectCallback(ReadInFlight);
    }

    /// <summary>Sets the mirrored routes. Counts of others are dropped; a route that stays keeps its counts, including copies in flight.</summary>
    public void Watch(ImmutableArray<RouteSettings> routes)
    {
        var before = _series;
        var mirrored = routes.Where(r => r.Mirror is not null).Select(r => (Route: r.Name, r.Mirror!.Pool)).Distinct();
        var now = mirrored.ToFrozenDictionary(key => key, key => before.GetValueOrDefault(key) ?? new MirrorSeries(_instruments, key.Route, key.Pool));
        Volatile.Write(ref _series, now);
        foreach (var ((route, pool), series) in before.Where(entry => !now.ContainsKey(entry.Key)))
        {
            series.End();
            Forget(_instruments.Sent, route, pool);
            Forget(_instruments.Dropped, route, pool);
            Forget(_instruments.Failed, route, pool);
            _instruments.InFlight.RemoveLabelled(route, pool);
        }
    }

    /// <summary>The counts of a route's copies to a pool; null if the settings in force have no such mirror.</summary>
    public MirrorSeries? Of(string route, string pool) => Volatile.Read(ref _series).GetValueOrDefault((route, pool));

    private static void Forget(Counter counter, string route, string pool)
    {
        foreach (var labels in counter.GetAllLabelValues().Where(labels => labels[0] == route && labels[1] == pool).ToList())
        {
            counter.RemoveLabelled(labels);
        }
    }

    private void ReadInFlight()
    {
        foreach (var ((route, pool), series) in Volatile.Read(ref _series))
        {
            _instruments.InFlight.WithLabels(route, pool).Set(series.InFlight);
        }
    }
}
