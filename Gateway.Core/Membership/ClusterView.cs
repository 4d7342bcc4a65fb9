using System.Collections.Immutable;

namespace Gateway.Core.Membership;

/// <summary>
/// Who is in the cluster, as one replica sees it at one moment. Immutable. Views of different replicas may differ for a while; whatever is
/// decided by one must hold good when another decides by another.
/// </summary>
public sealed record ClusterView
{
    /// <param name="self">The id of the replica whose view this is. It must be among <paramref name="replicas"/>.</param>
    /// <param name="replicas">Each once, in any order.</param>
    /// <param name="oldest">The one that has been a member for the longest; null: not known.</param>
    /// <param name="leader">The one that carries out joining and leaving; null: not known.</param>
    public ClusterView(ReplicaId self, IEnumerable<Replica> replicas, ReplicaId? oldest = null, ReplicaId? leader = null)
    {
        Replicas = [.. replicas.OrderBy(r => r.Id)];
        Self = Replicas.Single(r => r.Id == self);
        (Oldest, Leader) = (oldest, leader);
        Gateways = [.. Replicas.Where(r => r.IsGateway)];
        ReachableGateways = [.. Gateways.Where(r => r.Reachable || r.Id == self)];
        GatewaysByZone = Gateways.GroupBy(r => r.Zone ?? NoZone).ToImmutableSortedDictionary(
            zone => zone.Key, zone => zone.ToImmutableArray(), StringComparer.Ordinal);
    }

    /// <summary>The key of <see cref="GatewaysByZone"/> for replicas without a zone. No zone has this name.</summary>
    public static string NoZone => "";

    public Replica Self { get; }

    /// <summary>All, this one among them, by id.</summary>
    public ImmutableArray<Replica> Replicas { get; }

    /// <summary>The same in the order in which people look for them.</summary>
    public IEnumerable<Replica> ByName => Replicas.OrderBy(r => r.Name, StringComparer.Ordinal);

    public ReplicaId? Oldest { get; }

    public ReplicaId? Leader { get; }

    /// <summary>Those that take part: no sidecars, and Up or WeaklyUp. By id, so all that see the same members see the same order.</summary>
    public ImmutableArray<Replica> Gateways { get; }

    /// <summary>Those of <see cref="Gateways"/> that this replica's cluster hears from. This one always counts as reachable to itself.</summary>
    public ImmutableArray<Replica> ReachableGateways { get; }

    /// <summary><see cref="Gateways"/> by zone.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<Replica>> GatewaysByZone { get; }

    /// <summary>The view of a replica that knows of no other.</summary>
    public static ClusterView Alone(Replica self) => new(self.Id, [self], self.Id, self.Id);

    /// <summary>The replica with this id, or null: it is not, or no longer, in the cluster.</summary>
    public Replica? Find(ReplicaId id)
    {
        var (low, high) = (0, Replicas.Length - 1); // They are in the order of their ids.
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Replicas[middle].Id.CompareTo(id);
            if (order == 0)
            {
                return Replicas[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    /// <summary>Equal if they say the same of the same replicas.</summary>
    public bool Equals(ClusterView? other) =>
        other is not null && Self == other.Self && Oldest == other.Oldest && Leader == other.Leader && Replicas.SequenceEqual(other.Replicas);

    public override int GetHashCode() => HashCode.Combine(Self, Replicas.Length);
}
