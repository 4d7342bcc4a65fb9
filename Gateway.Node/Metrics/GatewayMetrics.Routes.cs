using Gateway.Node.Recording;

namespace Gateway.Node.Metrics;

/// <summary>Counts of routes, for the analytics and for Prometheus.</summary>
internal sealed partial class GatewayMetrics
{
    public RouteCounts Routes { get; } = new();

    /// <summary>Counts of mirrored requests.</summary>
    public MirrorMetrics Mirrors { get; }
}
