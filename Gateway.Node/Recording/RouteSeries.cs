using System.Collections.Immutable;
using Gateway.Core.Analytics;
using Gateway.Core.Traffic;

namespace Gateway.Node.Recording;

/// <summary>The counts of one route on all loops.</summary>
internal sealed class RouteSeries(string name) : ISeriesSource
{
    private ImmutableDictionary<RouteLane, LoopTally> _tallies = ImmutableDictionary<RouteLane, LoopTally>.Empty;

    public SeriesKey Key { get; } = SeriesKey.Route(name);

    /// <summary>A loop's counters, always the same instance.</summary>
    public LoopTally TallyOf(RouteLane loop) => ImmutableInterlocked.GetOrAdd(ref _tallies, loop, static _ => new());

    /// <summary>Adds the counts of all loops, by duration and status class, to other counts, and returns the number of errors.</summary>
    public long AddTo(Span<long> durations, Span<long> classes)
    {
        var errors = 0L;
        foreach (var tally in _tallies.Values)
        {
            errors += tally.AddTo(durations);
            tally.AddClassesTo(classes);
        }

        return errors;
    }

    public SeriesCounts Read()
    {
        Span<long> durations = stackalloc long[LatencyHistogram.Length];
        durations.Clear();
        var (count, errors) = (0L, 0L);
        foreach (var tally in _tallies.Values)
        {
            errors += tally.AddTo(durations);
        }

        foreach (var each in durations)
        {
            count += each;
        }

        return new(count, errors, LatencyCounts.Of(durations), LatencyCounts.Empty);
    }
}
