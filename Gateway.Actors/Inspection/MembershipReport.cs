using System.Collections.Immutable;
using Gateway.Core.Membership;

namespace Gateway.Actors.Inspection;

/// <summary>The cluster as seen by one replica: the body of <c>GET /cluster</c>.</summary>
/// <param name="Time">The time of reading, by the replica's clock.</param>
/// <param name="Self">The address of the replica asked.</param>
/// <param name="Leader">The address of the member that carries out joining and leaving; null if not known.</param>
/// <param name="Oldest">The address of the longest-serving member; null if not known.</param>
/// <param name="Replicas">All members, by address.</param>
public sealed record MembershipReport(
    string GatewayId, DateTimeOffset Time, string Self, string? Leader, string? Oldest, ImmutableArray<MemberReport> Replicas)
{
    public static MembershipReport Of(ClusterView view, string gatewayId, DateTimeOffset time) => new(
        gatewayId,
        time,
        view.Self.Id.Address,
        view.Leader?.Address,
        view.Oldest?.Address,
        [.. view.Replicas.Select(r => new MemberReport(
            r.Id.Address, r.Id.Uid, r.Name, r.Zone, r.Sidecar, r.Status, r.Reachable, r.Id == view.Self.Id, r.Version))]);
}

/// <summary>One replica of the cluster.</summary>
/// <param name="Address">Its cluster address, or its gateway id while it is in no cluster.</param>
/// <param name="Uid">Distinguishes its incarnations.</param>
/// <param name="Name">Its gateway id.</param>
/// <param name="Reachable">Whether the replica asked can reach it.</param>
/// <param name="Self">Whether it is the replica asked.</param>
/// <param name="Version">The version of the gateway it runs.</param>
public sealed record MemberReport(
    string Address, long Uid, string Name, string? Zone, bool Sidecar, ReplicaStatus Status, bool Reachable, bool Self, string Version);
