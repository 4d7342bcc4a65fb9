using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Core.Evidence;

/// <summary>
/// The probe owners of all endpoints of this replica by <see cref="ProbeOwners"/>, updated incrementally: a replica that joins the zone is compared once
/// with each endpoint's owners, one that leaves causes its endpoints to be reassigned, and changes in other zones or of names cost
/// nothing. Used by one thread at a time.
/// <para>
/// A replica with different settings for a pool may lack its endpoints, so this replica does not count it as their owner. Replicas that agree on the
/// settings therefore share owners among themselves.
/// </para>
/// </summary>
public sealed class OwnerMap
{
    private readonly Dictionary<EndpointId, Owned> _owners = [];
    private ImmutableArray<Candidate> _zone;
    private ImmutableHashSet<(ReplicaId Replica, string Pool)> _differing = [];

    public OwnerMap(ClusterView view) => _zone = ZoneOf(view);

    /// <summary>Returns the owners, best first. A requested endpoint is kept until it is removed.</summary>
    public ImmutableArray<ReplicaId> Of(EndpointId endpoint)
    {
        if (!_owners.TryGetValue(endpoint, out var owned))
        {
            _owners[endpoint] = owned = Weigh(endpoint, ProbeOwners.SeedOf(endpoint.Address));
        }

        return owned.Owners;
    }

    public void Remove(EndpointId endpoint) => _owners.Remove(endpoint);

    /// <summary>Applies a new view of the cluster.</summary>
    /// <returns>The endpoints whose owners have changed.</returns>
    public IReadOnlyCollection<EndpointId> Follow(ClusterView view)
    {
        var zone = ZoneOf(view);
        var joined = zone.Where(replica => !_zone.Any(known => known.Id == replica.Id)).ToList();
        var left = _zone.Where(replica => !zone.Any(known => known.Id == replica.Id)).Select(replica => replica.Id).ToHashSet();
        _zone = zone;
        if (joined.Count == 0 && left.Count == 0)
        {
            return [];
        }

        return Update((endpoint, owned) =>
            owned.Owners.Any(left.Contains) ? Weigh(endpoint, owned.Seed) : owned.With(joined.Where(replica => CanOwn(replica, endpoint))));
    }

    /// <summary>Applies the pools for which other replicas have different settings.</summary>
    /// <returns>The endpoints whose owners have changed.</returns>
    public IReadOnlyCollection<EndpointId> Follow(IReadOnlyDictionary<ReplicaId, ImmutableArray<string>> differing)
    {
        var next = differing.SelectMany(replica => replica.Value.Select(pool => (replica.Key, pool))).ToImmutableHashSet();
        var pools = _differing.SymmetricExcept(next).Select(difference => difference.Pool).ToHashSet(StringComparer.Ordinal);
        _differing = next;
        return Update((endpoint, owned) => pools.Contains(endpoint.Pool) ? Weigh(endpoint, owned.Seed) : owned);
    }

    private List<EndpointId> Update(Func<EndpointId, Owned, Owned> update)
    {
        var changed = new List<EndpointId>();
        foreach (var (endpoint, owned) in _owners)
        {
            var next = update(endpoint, owned);
            if (!next.Owners.AsSpan().SequenceEqual(owned.Owners.AsSpan()))
            {
                changed.Add(endpoint);
                _owners[endpoint] = next; // Setting an existing key does not disturb the enumeration.
            }
        }

        return changed;
    }

    private static ImmutableArray<Candidate> ZoneOf(ClusterView view) =>
        [.. ProbeOwners.ZoneOf(view).Select(id => new Candidate(id, [.. Encoding.UTF8.GetBytes(id.Address)]))];

    private Owned Weigh(EndpointId endpoint, long seed) => new Owned(seed, [], []).With(_zone.Where(replica => CanOwn(replica, endpoint)));

    private bool CanOwn(Candidate replica, EndpointId endpoint) => !_differing.Contains((replica.Id, endpoint.Pool));

    /// <param name="Bytes">The address bytes to hash.</param>
    private sealed record Candidate(ReplicaId Id, ImmutableArray<byte> Bytes);

    /// <param name="Scores">The owners' scores, in order.</param>
    private readonly record struct Owned(long Seed, ImmutableArray<ReplicaId> Owners, ImmutableArray<ulong> Scores)
    {
        public Owned With(IEnumerable<Candidate> others)
        {
            var owned = this;
            foreach (var other in others)
            {
                owned = owned.With(other.Id, XxHash3.HashToUInt64(other.Bytes.AsSpan(), Seed));
            }

            return owned;
        }

        private Owned With(ReplicaId id, ulong score)
        {
            var place = 0;
            while (place < Owners.Length && (Scores[place] > score || (Scores[place] == score && Owners[place] < id)))
            {
                place++;
            }

            if (place == ProbeOwners.PerZone)
            {
                return this;
            }

            var (owners, scores) = (Owners.Insert(place, id), Scores.Insert(place, score));
            return owners.Length <= ProbeOwners.PerZone
                ? this with { Owners = owners, Scores = scores }
                : this with { Owners = owners.RemoveAt(ProbeOwners.PerZone), Scores = scores.RemoveAt(ProbeOwners.PerZone) };
        }
    }
}
