using System.Collections.Immutable;
using Gateway.Core.Balancing;
using Gateway.Core.Priorities;

namespace Gateway.Node.Routing;

/// <summary>
/// Which endpoint a key is kept at, as the ring of <see cref="HashRing"/> has it: the same on every replica, by weight, and a change of the endpoints moves the keys of those
/// that came or left, about one in n, and no others. Each priority has a ring of its own, and as large a share of the keys as of the load. Immutable.
/// </summary>
internal sealed class AffinityRing
{
    /// <summary>Points walked past before another priority is asked: eight given owners of 16 are all met within about 43.</summary>
    private const int Steps = 256;

    private readonly ImmutableArray<Level> _levels;

    public AffinityRing(ImmutableArray<Endpoint> endpoints)
    {
        Endpoints = endpoints;
        _levels = [.. endpoints.GroupBy(e => e.Settings.Priority).OrderBy(g => g.Key).Select(g => new Level(g.Key, [.. g]))];
    }

    /// <summary>Whose ring it is.</summary>
    public ImmutableArray<Endpoint> Endpoints { get; }

    /// <summary>The endpoint that a key is kept at now; null: none can be picked.</summary>
    /// <param name="loads">How the pool divides requests between its priorities.</param>
    public Endpoint? Find(ulong key, ImmutableArray<RoutedLevel> loads)
    {
        var first = FirstFor(key, loads);
        var found = first < _levels.Length ? _levels[first].Find(key) : null;
        for (var i = 0; found is null && i < _levels.Length; i++)
        {
            found = i == first ? null : _levels[i].Find(key);
        }

        return found;
    }

    /// <summary>The place of the priority that takes a key. As the first takes less, the keys that leave it are those with the highest points.</summary>
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

        return 0; // The pool's endpoints have changed a moment ago, or its levels have.
    }

    private sealed class Level(int priority, Endpoint[] members)
    {
        private readonly HashRing _ring = new([.. members.Select(member => new Candidate(member.Cell, member.Settings.Weight))]);

        public int Priority => priority;

        /// <summary>The owner of a key, or else the next on the ring, so that only the keys of one that is missing move, each to a place of its own.</summary>
        public Endpoint? Find(ulong key)
        {
            var point = _ring.Find(key);
            for (var step = 0; step < Steps; step++)
            {
                if (members[_ring.Owner(point)] is { CanBePicked: true, Draining: false } owner)
                {
                    return owner;
                }

                point = point + 1 < _ring.Length ? point + 1 : 0;
            }

            return Array.Find(members, member => member is { CanBePicked: true, Draining: false });
        }
    }
}
