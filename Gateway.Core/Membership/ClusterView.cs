using System.Collections.Immutable;

namespace Gateway.Core.Membership;

/// <summary>
/// The members of the cluster, as seen by one replica at one moment. Immutable. Views of different replicas may differ for a while, so decisions
/// based on one view must be safe when another replica decides by another.
/// </summary>
public sealed record ClusterView
{
    /// <param name="self">The id of the replica whose view this is. It must be among <paramref name="replicas"/>.</param>
    /// <param name="replicas">Each once, in any order.</param>
    /// <param name="oldest">The longest-serving member; null if not known.</param>
    /// <param name="leader">The member that carries out joining and leaving; null if not known.</param>
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

    /// <summary>The key in <see cref="GatewaysByZone"/> for replicas without a zone. Not a valid zone name.</summary>
    public static string NoZone => "";

    public Replica Self { get; }

    /// <summary>All replicas including this one, by id.</summary>
    public ImmutableArray<Replica> Replicas { get; }

    /// <summary>The replicas in display order.</summary>
    public IEnumerable<Replica> ByName => Replicas.OrderBy(r => r.Name, StringComparer.Ordinal);

    public ReplicaId? Oldest { get; }

    public ReplicaId? Leader { get; }

    /// <summary>
    /// The gateways that take part: no sidecars, and Up or WeaklyUp. By id, so replicas with the same members have the same order.
    /// </summary>
    public ImmutableArray<Replica> Gateways { get; }

    /// <summary>The reachable ones of <see cref="Gateways"/>. This replica always counts as reachable to itself.</summary>
    public ImmutableArray<Replica> ReachableGateways { get; }

    /// <summary><see cref="Gateways"/> by zone.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<Replica>> GatewaysByZone { get; }

    /// <summary>Creates the view of a replica that knows no other.</summary>
    public static ClusterView Alone(Replica self) => new(self.Id, [self], self.Id, self.Id);

    /// <summary>Returns the replica with this id, or null if it is not in the cluster.</summary>
    public Replica? Find(ReplicaId id)
    {
        var (low, high) = (0, Replicas.Length - 1); // Sorted by id.
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

    /// <summary>Equal if the replicas and all their details are equal.</summary>
    public bool Equals(ClusterView? other) =>
        other is not null && Self == other.Self && Oldest == other.Oldest && Leader == other.Leader && Replicas.SequenceEqual(other.Replicas);

    public override int GetHashCode() => HashCode.Combine(Self, Replicas.Length);
}
