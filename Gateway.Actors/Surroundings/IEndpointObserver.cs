using Gateway.Core.Addressing;
using Gateway.Core.Breaking;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;

namespace Gateway.Actors.Surroundings;

/// <summary>Who counts what the actors decide: the process's metrics. Called by actors, so it must neither block nor throw.</summary>
public interface IEndpointObserver
{
    /// <param name="reason">Why this replica had it probed.</param>
    void Probed(EndpointId endpoint, ProbeResult result, ProbeReason reason);

    void VerdictChanged(EndpointId endpoint, Verdict from, Verdict to);

    void BreakerMoved(EndpointId endpoint, BreakerPhase from, BreakerPhase to);

    /// <summary>Another decision was made, or the same for another reason.</summary>
    void Decided(EndpointId endpoint, Decision decision);

    /// <summary>Others' word would take an endpoint out of its pool, or have it held.</summary>
    /// <param name="enforced">Whether the pool's cap lets it.</param>
    void Claimed(EndpointId endpoint, Standing wanted, bool enforced);

    /// <summary>An endpoint fails more than its pool's others.</summary>
    /// <param name="ejected">Whether the pool lets it be taken out for that.</param>
    void OutlierDetected(EndpointId endpoint, bool ejected);

    /// <summary>Trials were given up that never reported.</summary>
    void TrialsLost(EndpointId endpoint);

    /// <summary>The endpoint left its pool; attempts may still be in flight.</summary>
    void Removed(Endpoint endpoint);
}
