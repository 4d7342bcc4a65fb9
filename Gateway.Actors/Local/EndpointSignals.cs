using Akka.Actor;
using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Outcomes;

namespace Gateway.Actors.Local;

/// <summary>
/// Passes on to the endpoint's actor the edges it acts on. The others would wake it for nothing.
/// </summary>
internal sealed class EndpointSignals(IActorRef actor) : IEndpointSignals
{
    public void Signal(BreakerEdge edge, uint epoch, FailureReason reason)
    {
        if (edge is not (BreakerEdge.None or BreakerEdge.FirstFailure or BreakerEdge.FailuresCleared))
        {
            actor.Tell(new BreakerSignalled(edge, epoch, reason), ActorRefs.NoSender);
        }
    }
}
