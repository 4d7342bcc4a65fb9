using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Hashing;

namespace Gateway.Core.Balancing;

/// <summary>
/// Splits requests by weight: each goes to the share that contains its point. The 64-bit points form a line on which the shares lie one after another, each
/// as long as its weight: of 90 and 10, the second has the last tenth. As long as the sum and the order of the weights stay the same, a share that grows
/// keeps all its points.
/// </summary>
public sealed class WeightedSplit
{
    /// <summary>Decorrelates the points from a pool's hashes of the same key; otherwise a small share would reach few of its pool's endpoints.</summary>
    private const long Seed = 0x73706c6974;

    private readonly ImmutableArray<long> _ends;

    /// <param name="weights">None negative, not all zero.</param>
    public WeightedSplit(ImmutableArray<int> weights)
    {
        var sum = 0L;
        _ends = [.. weights.Select(weight => sum += weight)];
        if (sum <= 0 || weights.Any(weight => weight < 0))
        {
            throw new ArgumentOutOfRangeException(nameof(weights));
        }
    }

    /// <summary>Returns the point of a key: the same on every replica.</summary>
    public static ulong PointOf(ulong key)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, key);
        return XxHash3.HashToUInt64(bytes, Seed);
    }

    /// <summary>Returns the point of a text key.</summary>
    public static ulong PointOf(ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key, Seed);

    /// <summary>Returns the index of the share that contains a point; never one of weight 0.</summary>
    /// <param name="point">The point of a key, or uniformly random.</param>
    public int At(ulong point)
    {
        var place = (long)(ulong)((UInt128)point * (ulong)_ends[^1] >> 64);
        var share = 0;
        while (place >= _ends[share])
        {
            share++;
        }

        return share;
    }
}
