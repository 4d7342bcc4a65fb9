using Gateway.Core.Traffic;

namespace Gateway.Core.Analytics;

/// <summary>What was counted for one key in each slot of the longest window, and in the one that is being filled.</summary>
internal sealed class SeriesHistory
{
    private static readonly int Length = AnalyticsWindow.FifteenMinutes.Slots() + 1;

    private readonly (long Slot, SeriesCounts? Counts)[] _ring = new (long, SeriesCounts?)[Length];

    /// <param name="slot">Not before one that was added to already.</param>
    public void Add(long slot, SeriesCounts counts)
    {
        if (ReferenceEquals(counts, SeriesCounts.None))
        {
            return;
        }

        ref var kept = ref _ring[slot % Length];
        kept = (slot, kept.Slot == slot && kept.Counts is { } before ? before + counts : counts);
    }

    /// <summary>All of the slots from one to another.</summary>
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

        // An error may be counted just after a look that has found its request, and outlive it in a window.
        return new(count, Math.Min(errors, count), LatencyCounts.Of(durations), LatencyCounts.Of(firstBytes));
    }
}
