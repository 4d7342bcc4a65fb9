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
    /// <summary>Points per unit of weight: shares of equal members differ by about 1/sqrt(160), 8 %.</summary>
    public const int PointsPerWeight = 160;

    /// <summary>
    /// The maximum number of points. If the weights need more, every member's points are halved until they fit. Halving leaves the
    /// other points alone for most weight changes, and the points kept stay in place.
    /// </summary>
    public const int MaxPoints = 65_536;

    private readonly ulong[] _points;
    private readonly int[] _owners;

    // Index of the first point in each of equal arcs: a lookup takes one read and about one step.
    private readonly int[] _firsts;
    private readonly int _arcShift;

    /// <param name="members">At least one; owners are their indices. Slow start is ignored, as it would keep moving keys.</param>
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

        // A member alone has at least PointsPerWeight points: with one point the shift would be 64, which shifts by nothing.
        var arcBits = BitOperations.Log2((uint)_points.Length);
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

    /// <summary>The number of points on the ring.</summary>
    public int Length => _points.Length;

    /// <summary>Returns the point that owns a key.</summary>
    public int Find(ulong key)
    {
        // Mixed, because the caller's keys may not use all 64 bits.
        key = RandomBits.Mix(key);
        var point = _firsts[key >> _arcShift];
        while (point < _points.Length && _points[point] < key)
        {
            point++;
        }

        return point < _points.Length ? point : 0;
    }

    /// <summary>Returns the member that owns a point.</summary>
    public int Owner(int point) => _owners[point];

    private static ulong Point(ulong seed, int index)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, index);
        return XxHash3.HashToUInt64(bytes, (long)seed);
    }
}
