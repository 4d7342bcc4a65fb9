using System.Collections.Immutable;
using Gateway.Core.Analytics;
using Gateway.Core.Traffic;

namespace Gateway.Node.Recording;

/// <summary>One route as all loops count it.</summary>
internal sealed class RouteSeries(string name) : ISeriesSource
{
    private ImmutableDictionary<RouteLane, LoopTally> _tallies = ImmutableDictionary<RouteLane, LoopTally>.Empty;

    public SeriesKey Key { get; } = SeriesKey.Route(name);

    /// <summary>What a loop counts, the same one whenever it is asked for.</summary>
    public LoopTally TallyOf(RouteLane loop) => ImmutableInterlocked.GetOrAdd(ref _tallies, loop, static _ => new());

    /// <summary>Adds what all loops have counted by duration and by class of status to other counts, and answers the errors.</summary>
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
