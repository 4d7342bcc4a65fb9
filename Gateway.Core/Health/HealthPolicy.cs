namespace Gateway.Core.Health;

/// <summary>The settings for probing an endpoint and changing its verdict.</summary>
public sealed record HealthPolicy
{
    public static HealthPolicy Default { get; } = new();

    public ProbeSpec Probe { get; init; } = new();

    /// <summary>The time between probes, ±10 %. Default 5 s, 100 ms to 1 h.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The time between probes while the verdict is about to change. Null (the default): a fifth of <see cref="Interval"/>.
    /// </summary>
    public TimeSpan? FastInterval { get; init; }

    /// <summary>The time between probes while Unhealthy. Null (the default): <see cref="Interval"/>.</summary>
    public TimeSpan? DownInterval { get; init; }

    /// <summary>Consecutive failures that make it Unhealthy. Default 3, 1 to 100.</summary>
    public int UnhealthyThreshold { get; init; } = 3;

    /// <summary>Consecutive passes that make it Healthy again. Default 2, 1 to 100.</summary>
    public int HealthyThreshold { get; init; } = 2;

    /// <summary>The latency above which a passing probe means Degraded. Null (the default): off.</summary>
    public TimeSpan? DegradedLatency { get; init; }
}
