using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Gateway.Core.Traffic;

namespace Gateway.Core.Analytics;

/// <summary>
/// Latency counts by bucket (see <see cref="LatencyHistogram"/>) in a compact form: for each non-empty bucket the number of empty buckets before it and its count,
/// both as variable-length integers of seven bits a byte, lowest first. 150 latencies around 2 ms take some 20 bytes, where all buckets would take
/// 1,536. Immutable. Addition is commutative and associative, and <see cref="Empty"/> is its identity, so parts may be merged in any order.
/// </summary>
public sealed class LatencyCounts : IEquatable<LatencyCounts>
{
    /// <summary>More than any bucket can hold; a larger count cannot come from a replica.</summary>
    public const long MaxCount = 1L << 48;

    private const int MaxBytesEach = 9;

    private LatencyCounts(ImmutableArray<byte> bytes) => Bytes = bytes;

    public static LatencyCounts Empty { get; } = new([]);

    /// <summary>The encoded counts, as stored and as sent between nodes.</summary>
    public ImmutableArray<byte> Bytes { get; }

    public bool IsEmpty => Bytes.IsEmpty;

    /// <summary>The number of latencies.</summary>
    public long Total
    {
        get
        {
            var bytes = Bytes.AsSpan();
            var (at, total) = (0, 0L);
            while (TryRead(bytes, ref at, out _) && TryRead(bytes, ref at, out var count))
            {
                total += count;
            }

            return total;
        }
    }

    /// <param name="counts">Counts by bucket, <see cref="LatencyHistogram.Length"/> of them; zero and negative ones are skipped.</param>
    public static LatencyCounts Of(ReadOnlySpan<long> counts)
    {
        Span<byte> bytes = stackalloc byte[LatencyHistogram.Length * MaxBytesEach];
        var (length, gap) = (0, 0);
        for (var i = 0; i < LatencyHistogram.Length; i++)
        {
            if (counts[i] <= 0)
            {
                gap++;
                continue;
            }

            Write(bytes, ref length, gap);
            Write(bytes, ref length, Math.Min(counts[i], MaxCount));
            gap = 0;
        }

        return length == 0 ? Empty : new([.. bytes[..length]]);
    }

    /// <summary>Encodes the current counts of a histogram.</summary>
    public static LatencyCounts Of(LatencyHistogram latencies)
    {
        Span<long> counts = stackalloc long[LatencyHistogram.Length];
        counts.Clear();
        latencies.AddTo(counts);
        return Of(counts);
    }

    /// <summary>Decodes <see cref="Bytes"/>; rejects any other form, since the bytes come from another process.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out LatencyCounts? latencies)
    {
        latencies = null;
        var (at, bucket) = (0, 0);
        while (at < bytes.Length)
        {
            if (!TryRead(bytes, ref at, out var gap) || gap >= LatencyHistogram.Length - bucket || !TryRead(bytes, ref at, out var count) || count is 0 or > MaxCount)
            {
                return false;
            }

            bucket += (int)gap + 1;
        }

        latencies = bytes.IsEmpty ? Empty : new([.. bytes]);
        return true;
    }

    /// <summary>Adds the counts to <paramref name="counts"/>.</summary>
    public void AddTo(Span<long> counts)
    {
        var bytes = Bytes.AsSpan();
        var (at, bucket) = (0, 0);
        while (TryRead(bytes, ref at, out var gap) && TryRead(bytes, ref at, out var count))
        {
            bucket += (int)gap;
            counts[bucket++] += count;
        }
    }

    public static LatencyCounts operator +(LatencyCounts a, LatencyCounts b)
    {
        if (a.IsEmpty || b.IsEmpty)
        {
            return a.IsEmpty ? b : a;
        }

        Span<long> counts = stackalloc long[LatencyHistogram.Length];
        counts.Clear();
        a.AddTo(counts);
        b.AddTo(counts);
        return Of(counts);
    }

    /// <summary>Returns the increase since <paramref name="before"/>, an earlier reading of the same counts.</summary>
    public LatencyCounts Since(LatencyCounts before)
    {
        Span<long> counts = stackalloc long[LatencyHistogram.Length];
        Span<long> old = stackalloc long[LatencyHistogram.Length];
        counts.Clear();
        old.Clear();
        AddTo(counts);
        before.AddTo(old);
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] -= old[i];
        }

        return Of(counts);
    }

    public bool Equals(LatencyCounts? other) => other is not null && Bytes.AsSpan().SequenceEqual(other.Bytes.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as LatencyCounts);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes.AsSpan());
        return hash.ToHashCode();
    }

    private static void Write(Span<byte> bytes, ref int length, long value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes[length++] = (byte)(value | 0x80);
        }

        bytes[length++] = (byte)value;
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, ref int at, out long value)
    {
        value = 0;
        for (var shift = 0; shift < 56 && at < bytes.Length; shift += 7)
        {
            var next = bytes[at++];
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return next > 0 || shift == 0; // Only one encoding of each number is valid, so that equal histograms have equal bytes.
            }
        }

        return false;
    }
}
