using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Core.Evidence;

/// <summary>
/// Selects the replicas of a zone that probe an endpoint: the <see cref="PerZone"/> reachable ones with the highest hashes of replica and endpoint
/// together (rendezvous hashing). Replicas that see the same members select the same owners. One that leaves hands over what it owned and
/// nothing else moves; one that joins takes about its share. The endpoint's own zone and its pool are ignored: pools that share an address
/// share its probes. So is the replica's uid: one that restarts gets back what it had. If replicas have different settings,
/// <see cref="OwnerMap"/> leaves out those that differ.
/// </summary>
public static class ProbeOwners
{
    /// <summary>Two, so that the failure of one leaves no gap.</summary>
    public const int PerZone = 2;

    /// <summary>Returns the owners in the zone of the view's own replica, best first.</summary>
    public static ImmutableArray<ReplicaId> Of(EndpointAddress endpoint, ClusterView view) =>
        Of(endpoint, ZoneOf(view));

    /// <summary>Returns the candidates for ownership in the zone of the view's own replica.</summary>
    public static IEnumerable<ReplicaId> ZoneOf(ClusterView view) => view.ReachableGateways.Where(r => r.Zone == view.Self.Zone).Select(r => r.Id);

    /// <param name="zone">The reachable replicas of one zone.</param>
    public static ImmutableArray<ReplicaId> Of(EndpointAddress endpoint, IEnumerable<ReplicaId> zone)
    {
        var seed = SeedOf(endpoint);
        return [.. zone.OrderByDescending(replica => Score(seed, replica)).ThenBy(replica => replica).Take(PerZone)];
    }

    internal static long SeedOf(EndpointAddress endpoint) => (long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(endpoint.Canonical));

    private static ulong Score(long seed, ReplicaId replica) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(replica.Address), seed);
}
