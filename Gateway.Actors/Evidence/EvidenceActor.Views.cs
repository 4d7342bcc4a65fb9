using Gateway.Core.Addressing;
using Gateway.Core.Evidence;
using Gateway.Core.Membership;

namespace Gateway.Actors.Evidence;

/// <summary>Handling of changes in the cluster.</summary>
public sealed partial class EvidenceActor
{
    /// <summary>
    /// Applies a new view. It touches only the endpoints whose probe owners changed and those with evidence from the changed members;
    /// since members come and go in bursts, the first change is sent at once and those soon after it are batched.
    /// </summary>
    private void See(ClusterView view)
    {
        var step = Book.OnView(view, Now);
        Take(step);
        TellSoon(step.Touched.Concat(_owners.Follow(view)));
    }

    private OwnerMap OwnersBy(ClusterView view)
    {
        var owners = new OwnerMap(view);
        owners.Follow(_agreement.Current);
        return owners;
    }

    private void TellSoon(IEnumerable<EndpointId> touched)
    {
        _touched.UnionWith(touched);
        if (!_viewing.IsOpen)
        {
            TellTouched();
        }
    }

    private void TellTouched()
    {
        if (_touched.Count > 0)
        {
            foreach (var endpoint in _touched)
            {
                Tell(endpoint);
            }

            _touched.Clear();
            _viewing.Open(ViewCoalescing);
        }
    }
}
