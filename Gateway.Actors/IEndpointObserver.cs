using Gateway.Core.Breaking;
using Gateway.Core.Endpoints;
using Gateway.Core.Health;

namespace Gateway.Actors;

/// <summary>Who counts what the actors decide: the process's metrics. Called by actors, so it must neither block nor throw.</summary>
public interface IEndpointObserver
{
    void Probed(EndpointId endpoint, ProbeResult result);

    void VerdictChanged(EndpointId endpoint, Verdict from, Verdict to);

    void BreakerMoved(EndpointId endpoint, BreakerPhase from, BreakerPhase to);

    /// <summary>Trials were given up that never reported.</summary>
    void TrialsLost(EndpointId endpoint);

    /// <summary>The endpoint left its pool; attempts may still be in flight.</summary>
    void Removed(Endpoint endpoint);
}
