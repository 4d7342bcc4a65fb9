using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;

namespace Gateway.Node.Metrics;

/// <summary>Counts the cluster's grants at this replica.</summary>
internal sealed class GrantMetrics(GatewayMetrics metrics) : IGrantObserver
{
    private readonly GatewayInstruments _instruments = metrics.Instruments;

    public void Given(EndpointId endpoint) => _instruments.GrantsGiven.WithLabels(endpoint.Pool, endpoint.Address.Label).Inc();

    public void Expired(EndpointId endpoint) => _instruments.GrantsExpired.WithLabels(endpoint.Pool, endpoint.Address.Label).Inc();

    public void Unanswered(EndpointId endpoint) => _instruments.GrantsUnanswered.WithLabels(endpoint.Pool, endpoint.Address.Label).Inc();
}
