using Gateway.Node.Recording;

namespace Gateway.Node.Metrics;

/// <summary>What is counted of routes, for the analytics.</summary>
internal sealed partial class GatewayMetrics
{
    public RouteCounts Routes { get; } = new();
}
