using Gateway.Core.Traffic;

namespace Gateway.Core.Analytics;

/// <summary>
/// Latency quantiles for 50, 90, 99 and 99.9 %. Each is the middle of the bucket that holds the sample of that rank (the smallest that so many reach),
/// within 6.25 % of it, or within half a microsecond below 8 µs. With 1,000 requests p99.9 is the second slowest. Latencies over a minute count as 65 s.
/// </summary>
public readonly record struct Quantiles(TimeSpan P50, TimeSpan P90, TimeSpan P99, TimeSpan P999)
{
    /// <summary>Returns null if there are no samples.</summary>
    public static Quantiles? Of(LatencyCounts latencies)
    {
        if (latencies.IsEmpty)
        {
            return null;
        }

        Span<long> counts = stackalloc long[LatencyHistogram.Length];
        counts.Clear();
        latencies.AddTo(counts);
        long total = 0;
        foreach (var count in counts)
        {
            total += count;
        }

        return new(At(counts, total, 500), At(counts, total, 900), At(counts, total, 990), At(counts, total, 999));
    }

    private static TimeSpan At(ReadOnlySpan<long> counts, long total, int perMille)
    {
        var (rank, i) = ((long)Math.Ceiling(total * (decimal)perMille / 1000), 0);
        while (rank > counts[i])
        {
            rank -= counts[i++];
        }

        return LatencyHistogram.MiddleOf(i);
    }
}
