using System.Collections.Immutable;
using Gateway.Core.Balancing;
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

    private readonly ImmutableArray<Level> _levels;

    /// <summary>The properties it was built from: other changes of the endpoints do not matter.</summary>
    private readonly ImmutableArray<(Endpoint Endpoint, int Weight, int Priority)> _shape;

    public AffinityRing(ImmutableArray<Endpoint> endpoints)
    {
        Endpoints = endpoints;
        _shape = ShapeOf(endpoints);
        _levels = [.. endpoints.GroupBy(e => e.Settings.Priority).OrderBy(g => g.Key).Select(g => new Level(g.Key, [.. g]))];
    }

    private AffinityRing(AffinityRing like, ImmutableArray<Endpoint> endpoints) => (Endpoints, _shape, _levels) = (endpoints, like._shape, like._levels);

    /// <summary>The same ring with the pool's current endpoints; null if they need a different ring.</summary>
    public AffinityRing? For(ImmutableArray<Endpoint> endpoints) => ShapeOf(endpoints).SequenceEqual(_shape) ? new(this, endpoints) : null;

    private static ImmutableArray<(Endpoint Endpoint, int Weight, int Priority)> ShapeOf(ImmutableArray<Endpoint> endpoints) =>
        [.. endpoints.Select(endpoint => (endpoint, endpoint.Settings.Weight, endpoint.Settings.Priority))];

    /// <summary>The endpoints it was built for.</summary>
    public ImmutableArray<Endpoint> Endpoints { get; }

    /// <summary>The current endpoint of a key; null if none can be picked.</summary>
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

        return 0; // The pool's endpoints or levels have just changed.
    }

    private sealed class Level(int priority, Endpoint[] members)
    {
        private readonly HashRing _ring = new([.. members.Select(member => new Candidate(member.Cell, member.Settings.Weight))]);

        public int Priority => priority;

        /// <summary>
        /// The owner of a key, or the next on the ring if it cannot be picked: only the keys of missing endpoints move, spread over the others.
        /// </summary>
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
