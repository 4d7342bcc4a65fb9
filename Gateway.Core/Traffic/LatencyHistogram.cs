using System.Numerics;

namespace Gateway.Core.Traffic;

/// <summary>
/// Counts latencies in place, for quantiles of a recent window: eight buckets per doubling, from 1 µs to 67 s, so that a bucket is
/// at most 12.5 % wide. One atomic increment per latency. 1,500 µs: its highest set bit is 2^10, the next three bits
/// are 011, so bucket 8*(10-2)+3 = 67, which holds 1,408 to 1,535 µs.
/// </summary>
public sealed class LatencyHistogram
{
    /// <summary>The number of buckets; the last one takes all longer latencies.</summary>
    public const int Length = 8 * (MaxExponent - SubBits + 2);

    private const int SubBits = 3;
    private const int MaxExponent = 25;

    private readonly long[] _counts = new long[Length];

    public void Observe(TimeSpan latency) => Interlocked.Increment(ref _counts[IndexOf(latency)]);

    /// <summary>Adds the current counts to <paramref name="counts"/>, of the same length.</summary>
    public void AddTo(Span<long> counts)
    {
        for (var i = 0; i < Length; i++)
        {
            counts[i] += Volatile.Read(ref _counts[i]);
        }
    }

    /// <summary>
    /// Returns a quantile, interpolated linearly within its bucket; null if there are no samples.
    /// </summary>
    /// <param name="share">The quantile, up to 1: 0.99 for the 99th percentile.</param>
    public static TimeSpan? Quantile(ReadOnlySpan<long> counts, double share)
    {
        long total = 0;
        foreach (var count in counts)
        {
            total += count;
        }

        var rank = share * total;
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0 && rank <= counts[i])
            {
                return TimeSpan.FromMicroseconds(LowerBound(i) + (rank / counts[i] * (LowerBound(i + 1) - LowerBound(i))));
            }

            rank -= counts[i];
        }

        return null;
    }

    /// <summary>Returns the middle of a bucket: within 6.25 % of every latency in it, from 8 µs on.</summary>
    public static TimeSpan MiddleOf(int index) => TimeSpan.FromMicroseconds((LowerBound(index) + LowerBound(index + 1)) / 2);

    /// <summary>Returns the bucket of a latency.</summary>
    public static int IndexOf(TimeSpan latency)
    {
        var micros = (ulong)Math.Max(0, latency.Ticks / TimeSpan.TicksPerMicrosecond);
        if (micros < 1 << SubBits)
        {
            return (int)micros;
        }

        var exponent = BitOperations.Log2(micros);
        var sub = (int)(micros >> (exponent - SubBits)) & ((1 << SubBits) - 1);
        return Math.Min(((exponent - SubBits + 1) << SubBits) + sub, Length - 1);
    }

    /// <summary>Returns the shortest latency of a bucket, in microseconds.</summary>
    internal static double LowerBound(int index)
    {
        var (octave, sub) = (index >> SubBits, index & ((1 << SubBits) - 1));
        return octave == 0 ? sub : Math.ScaleB((1 << SubBits) + sub, octave - 1);
    }
}
