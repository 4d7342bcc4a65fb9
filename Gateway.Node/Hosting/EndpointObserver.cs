using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Node.Engine;
using Gateway.Node.Metrics;

namespace Gateway.Node.Hosting;

/// <summary>What the process does when the actors have decided something: count it, announce it, and close what a removed endpoint leaves behind.</summary>
internal sealed class EndpointObserver(GatewayMetrics metrics, AllConnections connections, EndpointFeed feed) : IEndpointObserver
{
    public void Changed(EndpointId endpoint) => feed.Changed(endpoint);

    public void Probed(EndpointId endpoint, ProbeResult result, ProbeReason reason) => metrics.Probed(endpoint, result, reason);

    public void VerdictChanged(EndpointId endpoint, Verdict from, Verdict to) => metrics.VerdictChanged(endpoint, from, to);

    public void BreakerMoved(EndpointId endpoint, BreakerPhase from, BreakerPhase to) => metrics.BreakerMoved(endpoint, from, to);

    public void Decided(EndpointId endpoint, Decision decision) => metrics.Decided(endpoint, decision);

    public void Claimed(EndpointId endpoint, Standing wanted, bool enforced) => metrics.Claimed(endpoint, wanted, enforced);

    public void OutlierDetected(EndpointId endpoint, bool ejected) => metrics.OutlierDetected(endpoint, ejected);

    public void TrialsLost(EndpointId endpoint) => metrics.TrialsLost(endpoint);

    public void Removed(Endpoint endpoint)
    {
        metrics.Removed(endpoint);
        connections.Retire(endpoint.Cell);
    }
}
