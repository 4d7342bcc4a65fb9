using Gateway.Core.Addressing;
using Gateway.Core.Breaking;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;

namespace Gateway.Actors.Surroundings;

/// <summary>Counts and announces the actors' decisions outside them. Called by actors, so it must neither block nor throw.</summary>
public interface IEndpointObserver
{
    /// <summary>Called when anything visible of the endpoint has changed, also without a new decision, such as another replica's opinion.</summary>
    void Changed(EndpointId endpoint);

    /// <param name="reason">Why this replica had it probed.</param>
    void Probed(EndpointId endpoint, ProbeResult result, ProbeReason reason);

    void VerdictChanged(EndpointId endpoint, Verdict from, Verdict to);

    void BreakerMoved(EndpointId endpoint, BreakerPhase from, BreakerPhase to);

    /// <summary>Called when the decision or its reason has changed.</summary>
    void Decided(EndpointId endpoint, Decision decision);

    /// <summary>Called when reports would eject or hold an endpoint.</summary>
    /// <param name="enforced">Whether the pool's cap allows it.</param>
    void Claimed(EndpointId endpoint, Standing wanted, bool enforced);

    /// <summary>Called when an endpoint fails more than its pool's others.</summary>
    /// <param name="ejected">Whether the pool allows its ejection.</param>
    void OutlierDetected(EndpointId endpoint, bool ejected);

    /// <summary>Called when trials that never reported were given up.</summary>
    void TrialsLost(EndpointId endpoint);

    /// <summary>Called when the endpoint left its pool; attempts may still be in flight.</summary>
    void Removed(Endpoint endpoint);
}
