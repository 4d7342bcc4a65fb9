using System.IO.Hashing;
using System.Text;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Core.Grants;

/// <summary>
/// Selects the granter of an endpoint's trials: the reachable gateway with the highest hash of endpoint and replica together (rendezvous
/// hashing). Replicas that see the same members select the same granter; one that leaves hands over only what it granted. While a
/// cluster is split, each side has its own granter, so each side has its own trial.
/// </summary>
public static class Granter
{
    /// <summary>Returns null if no other gateway is reachable, so that there is none to take turns with.</summary>
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
            // By address alone: one that restarts gets back what it granted. Ordered by id, so that ties are resolved alike everywhere.
            var score = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(gateway.Id.Address), seed);
            if (best is null || score > highest)
            {
                (best, highest) = (gateway.Id, score);
            }
        }

        return best;
    }
}
