using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Hashing;

namespace Gateway.Core.Balancing;

/// <summary>
/// Divides requests by weight: each goes to the share that its point lies in. The points of 64 bits are the length of a line on which the shares lie one after
/// another, each as long as its weight: of 90 and 10, the last tenth is the second's. So as long as the sum of the weights and their order stay, a share that
/// grows keeps all that it had.
/// </summary>
public sealed class WeightedSplit
{
    /// <summary>Keeps the points apart from the places that pools find endpoints at by the same key: else a small share would meet few of its endpoints.</summary>
    private const long Seed = 0x73706c6974;

    private readonly ImmutableArray<long> _ends;

    /// <param name="weights">None negative, not all 0.</param>
    public WeightedSplit(ImmutableArray<int> weights)
    {
        var sum = 0L;
        _ends = [.. weights.Select(weight => sum += weight)];
        if (sum <= 0 || weights.Any(weight => weight < 0))
        {
            throw new ArgumentOutOfRangeException(nameof(weights));
        }
    }

    /// <summary>The point of a key: the same on every replica.</summary>
    public static ulong PointOf(ulong key)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, key);
        return XxHash3.HashToUInt64(bytes, Seed);
    }

    /// <summary>The same for text.</summary>
    public static ulong PointOf(ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key, Seed);

    /// <summary>The share that a point lies in, by its place; never one of weight 0.</summary>
    /// <param name="point">Of a key, or random: every one as likely as any other.</param>
    public int At(ulong point)
    {
        var place = (long)(ulong)((UInt128)point * (ulong)_ends[^1] >> 64);
        for (var i = 0; i < _ends.Length; i++)
        {
            if (place < _ends[i])
            {
                return i;
            }
        }

        throw new InvalidOperationException("a point lies beyond the last share");
    }
}
