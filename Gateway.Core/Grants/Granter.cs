using System.IO.Hashing;
using System.Text;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Core.Grants;

/// <summary>
/// Who grants the trials of an endpoint: the gateway with the highest hash of endpoint and replica together (rendezvous hashing), among
/// those that can be reached. Replicas that see the same members come to the same granter; one that leaves hands over only what it
/// granted. While a cluster is split each side has a granter of its own, so each side has a trial of its own.
/// </summary>
public static class Granter
{
    /// <summary>Null: no other gateway can be reached, so there is nobody to take turns with.</summary>
    public static ReplicaId? Of(EndpointId endpoint, ClusterView view)
    {
        if (!view.ReachableGateways.Any(gateway => gateway.Id != view.Self.Id))
        {
            return null;
        }

        var seed = (long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(endpoint.ToString()));
        var (best, highest) = ((ReplicaId?)null, 0UL);
        foreach (var gateway in view.ReachableGateways)
        {
            // By address alone: one that restarts gets back what it granted. In order of their ids, so that equals are no matter of taste.
            var score = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(gateway.Id.Address), seed);
            if (best is null || score > highest)
            {
                (best, highest) = (gateway.Id, score);
            }
        }

        return best;
    }
}
