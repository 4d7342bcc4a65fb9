using Gateway.Node.Recording;

namespace Gateway.Node.Metrics;

/// <summary>What is counted of routes, for the analytics and for Prometheus.</summary>
internal sealed partial class GatewayMetrics
{
    public RouteCounts Routes { get; } = new();

    /// <summary>What is counted of copies of requests.</summary>
    public MirrorMetrics Mirrors { get; }
}
