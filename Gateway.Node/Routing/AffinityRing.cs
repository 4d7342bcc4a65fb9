using System.Collections.Immutable;
using Gateway.Core.Balancing;
using Gateway.Core.Pools;
using Gateway.Core.Priorities;

namespace Gateway.Node.Routing;

/// <summary>
/// Maps keys to endpoints with the ring of <see cref="HashRing"/>: the same on every replica, by weight; a change of the endpoints moves only the keys of those
/// added or removed, about one in n. Each priority has a ring of its own, with its share of the load as its share of the keys. Immutable.
/// </summary>
internal sealed class AffinityRing
{
    /// <summary>The points passed before another priority is tried: eight given owners of 16 are all met within about 43.</summary>
    private const int Steps = 256;

    private readonly PoolSnapshot _made;
    private readonly ImmutableArray<Level> _levels;

    /// <summary>The properties it was built from: other changes of the endpoints do not matter.</summary>
    private readonly ImmutableArray<(Endpoint Endpoint, int Weight, int Priority)> _shape;

    public AffinityRing(PoolSnapshot pool)
    {
        _made = pool;
        _shape = ShapeOf(pool);
        _levels = [.. pool.Members.Index().GroupBy(m => m.Item.Settings.Priority).OrderBy(g => g.Key).Select(g => new Level(g.Key, [.. g]))];
    }

    private AffinityRing(AffinityRing like, PoolSnapshot pool) => (_made, _shape, _levels) = (pool, like._shape, like._levels);

    /// <summary>Whether it was made for a snapshot's endpoints.</summary>
    public bool IsOf(PoolSnapshot pool) => pool.HasPlacesOf(_made);

    /// <summary>The same ring for the pool's current endpoints; null if they need a different ring.</summary>
    public AffinityRing? For(PoolSnapshot pool) => ShapeOf(pool).SequenceEqual(_shape) ? new(this, pool) : null;

    private static ImmutableArray<(Endpoint Endpoint, int Weight, int Priority)> ShapeOf(PoolSnapshot pool) =>
        [.. pool.Members.Select(member => (member.Endpoint, member.Settings.Weight, member.Settings.Priority))];

    /// <summary>The current endpoint of a key; null: none can be picked.</summary>
    /// <param name="pool">The newest snapshot. Until its ring is built, the snapshot of the last ring is used.</param>
    public PoolMember? Find(ulong key, PoolSnapshot pool)
    {
        var from = IsOf(pool) ? pool : _made;
        var first = FirstFor(key, from.Levels);
        var found = first < _levels.Length ? _levels[first].Find(key, from.Members) : null;
        for (var i = 0; found is null && i < _levels.Length; i++)
        {
            found = i == first ? null : _levels[i].Find(key, from.Members);
        }

        return found;
    }

    /// <summary>The index of a key's priority. When the first one takes less, the keys with the highest points leave it.</summary>
    private int FirstFor(ulong key, ImmutableArray<RoutedLevel> loads)
    {
        var point = (int)(ulong)((UInt128)WeightedSplit.PointOf(key) * 100 >> 64);
        foreach (var each in loads)
        {
            point -= each.Level.Load;
            if (point < 0)
            {
                return PlaceOf(each.Level.Priority);
            }
        }

        return 0;
    }

    private int PlaceOf(int priority)
    {
        for (var i = 0; i < _levels.Length; i++)
        {
            if (_levels[i].Priority == priority)
            {
                return i;
            }
        }

        return 0;
    }

    private sealed class Level(int priority, (int Index, PoolMember Item)[] members)
    {
        private readonly HashRing _ring = new([.. members.Select(member => new Candidate(member.Item.Cell, member.Item.Settings.Weight))]);
        private readonly int[] _places = [.. members.Select(member => member.Index)];

        public int Priority => priority;

        /// <summary>
        /// The owner of a key, or the next on the ring if it cannot be picked: only the keys of missing endpoints move, spread over the others.
        /// </summary>
        public PoolMember? Find(ulong key, ImmutableArray<PoolMember> all)
        {
            var point = _ring.Find(key);
            for (var step = 0; step < Steps; step++)
            {
                if (all[_places[_ring.Owner(point)]] is { CanBePicked: true } owner)
                {
                    return owner;
                }

                point = point + 1 < _ring.Length ? point + 1 : 0;
            }

            foreach (var place in _places)
            {
                if (all[place].CanBePicked)
                {
                    return all[place];
                }
            }

            return null;
        }
    }
}
