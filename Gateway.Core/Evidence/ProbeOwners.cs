using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Core.Evidence;

/// <summary>
/// Which replicas of a zone probe an endpoint: the <see cref="PerZone"/> with the highest hashes of replica and endpoint together (rendezvous
/// hashing), among those that can be reached. Every replica that sees the same members comes to the same owners. One that leaves hands over what
/// it owned and nothing else moves; one that joins takes about its share. The endpoint's own zone plays no part, nor does its pool: pools that
/// share an address share its probes. Nor does the replica's uid: one that restarts gets back what it had. Where replicas have different settings,
/// <see cref="OwnerMap"/> leaves out those that differ.
/// </summary>
public static class ProbeOwners
{
    /// <summary>Two, so that one that dies or is cut off leaves no gap.</summary>
    public const int PerZone = 2;

    /// <summary>The owners in the zone of the view's own replica, best first.</summary>
    public static ImmutableArray<ReplicaId> Of(EndpointAddress endpoint, ClusterView view) =>
        Of(endpoint, ZoneOf(view));

    /// <summary>Who can own probes in the zone of the view's own replica.</summary>
    public static IEnumerable<ReplicaId> ZoneOf(ClusterView view) => view.ReachableGateways.Where(r => r.Zone == view.Self.Zone).Select(r => r.Id);

    /// <param name="zone">The replicas of one zone that can be reached.</param>
    public static ImmutableArray<ReplicaId> Of(EndpointAddress endpoint, IEnumerable<ReplicaId> zone)
    {
        var seed = SeedOf(endpoint);
        return [.. zone.OrderByDescending(replica => Score(seed, replica)).ThenBy(replica => replica).Take(PerZone)];
    }

    internal static long SeedOf(EndpointAddress endpoint) => (long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(endpoint.Canonical));

    private static ulong Score(long seed, ReplicaId replica) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(replica.Address), seed);
}
