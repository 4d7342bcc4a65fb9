using Gateway.Core.Addressing;
using Gateway.Core.Evidence;
using Gateway.Core.Membership;

namespace Gateway.Actors.Evidence;

/// <summary>What a change of the cluster is to the endpoints.</summary>
public sealed partial class EvidenceActor
{
    /// <summary>
    /// The members are others, or have got names. That touches the endpoints whose probe owners changed and those of which these members speak, not all;
    /// and as members come and go in bursts, the first change is told at once and those that follow soon after it go together.
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
        owners.Follow(_environment.Agreement.Current);
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
