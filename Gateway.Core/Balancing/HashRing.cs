using System.Buffers.Binary;
using System.IO.Hashing;
using System.Numerics;
using System.Text;

namespace Gateway.Core.Balancing;

/// <summary>
/// A consistent hash ring (Karger) over all members of a pool. Each has points in proportion to its weight, at hashes of its
/// canonical address, so that the ring is the same on every replica; a key belongs to the first point at or after it. Removing one
/// of n members moves its own keys, about 1/n, and no others.
/// </summary>
public sealed class HashRing
{
    /// <summary>Shares of equal members then differ by about 1/sqrt(160), 8 %.</summary>
    public const int PointsPerWeight = 160;

    /// <summary>
    /// When weights would need more, all members have half of their points, or a quarter and so on. In halves, so that most changes
    /// of a weight leave the others' points alone; and the points that are kept stay where they were.
    /// </summary>
    public const int MaxPoints = 65_536;

    private readonly ulong[] _points;
    private readonly int[] _owners;

    // The first point at or after the start of each of as many equal arcs: a search by one look and about one step.
    private readonly int[] _firsts;
    private readonly int _arcShift;

    /// <param name="members">At least one; their indices are the owners'. Slow start does not count: it would move keys all the time.</param>
    public HashRing(IReadOnlyList<Candidate> members)
    {
        var perWeight = (double)PointsPerWeight;
        for (var total = members.Sum(member => member.Weight); total * perWeight > MaxPoints;)
        {
            perWeight /= 2;
        }

        var points = new List<ulong>();
        var owners = new List<int>();
        for (var owner = 0; owner < members.Count; owner++)
        {
            var seed = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(members[owner].Cell.Id.Address.Canonical));
            var count = Math.Max(1, (int)(members[owner].Weight * perWeight));
            points.AddRange(Enumerable.Range(0, count).Select(index => Point(seed, index)));
            owners.AddRange(Enumerable.Repeat(owner, count));
        }

        (_points, _owners) = ([.. points], [.. owners]);
        Array.Sort(_points, _owners);

        var arcBits = Math.Max(1, BitOperations.Log2((uint)_points.Length));
        _arcShift = 64 - arcBits;
        _firsts = new int[1 << arcBits];
        for (int arc = 0, point = 0; arc < _firsts.Length; arc++)
        {
            while (point < _points.Length && _points[point] < (ulong)arc << _arcShift)
            {
                point++;
            }

            _firsts[arc] = point;
        }
    }

    /// <summary>Points on the ring.</summary>
    public int Length => _points.Length;

    /// <summary>The point that a key belongs to.</summary>
    public int Find(ulong key)
    {
        // Keys are mixed, because a caller's need not be spread over all 64 bits.
        key = RandomBits.Mix(key);
        var point = _firsts[key >> _arcShift];
        while (point < _points.Length && _points[point] < key)
        {
            point++;
        }

        return point < _points.Length ? point : 0;
    }

    /// <summary>The member that a point belongs to.</summary>
    public int Owner(int point) => _owners[point];

    private static ulong Point(ulong seed, int index)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, index);
        return XxHash3.HashToUInt64(bytes, (long)seed);
    }
}
