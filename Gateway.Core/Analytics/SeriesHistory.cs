using Gateway.Core.Traffic;

namespace Gateway.Core.Analytics;

/// <summary>The counts of one key for each slot of the longest window, and for the current slot.</summary>
internal sealed class SeriesHistory
{
    private static readonly int Length = AnalyticsWindow.FifteenMinutes.Slots() + 1;

    private readonly (long Slot, SeriesCounts? Counts)[] _ring = new (long, SeriesCounts?)[Length];

    /// <param name="slot">Not earlier than any slot already added to.</param>
    public void Add(long slot, SeriesCounts counts)
    {
        if (ReferenceEquals(counts, SeriesCounts.None))
        {
            return;
        }

        ref var kept = ref _ring[slot % Length];
        kept = (slot, kept.Slot == slot && kept.Counts is { } before ? before + counts : counts);
    }

    /// <summary>Returns the sum over a range of slots.</summary>
    public SeriesCounts Sum(long from, long to)
    {
        Span<long> durations = stackalloc long[LatencyHistogram.Length];
        Span<long> firstBytes = stackalloc long[LatencyHistogram.Length];
        durations.Clear();
        firstBytes.Clear();
        var (count, errors) = (0L, 0L);
        foreach (var (slot, counts) in _ring)
        {
            if (counts is not null && slot >= from && slot <= to)
            {
                (count, errors) = (count + counts.Count, errors + counts.Errors);
                counts.Durations.AddTo(durations);
                counts.FirstBytes.AddTo(firstBytes);
            }
        }

        // An error may be counted just after the read that found its request, and so outlive it in a window.
        return new(count, Math.Min(errors, count), LatencyCounts.Of(durations), LatencyCounts.Of(firstBytes));
    }
}
