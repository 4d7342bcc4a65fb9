namespace Gateway.Core.Health;

/// <summary>How an endpoint is probed and when its verdict changes.</summary>
public sealed record HealthPolicy
{
    public static HealthPolicy Default { get; } = new();

    public ProbeSpec Probe { get; init; } = new();

    /// <summary>Between probes, ±10 %. Default 5 s, 100 ms to 1 h.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Between probes while the verdict is about to change. Null (the default): a fifth of <see cref="Interval"/>.</summary>
    public TimeSpan? FastInterval { get; init; }

    /// <summary>Between probes while Unhealthy. Null (the default): <see cref="Interval"/>.</summary>
    public TimeSpan? DownInterval { get; init; }

    /// <summary>Failures in a row that make it Unhealthy. Default 3, 1 to 100.</summary>
    public int UnhealthyThreshold { get; init; } = 3;

    /// <summary>Passes in a row that make it Healthy again. Default 2, 1 to 100.</summary>
    public int HealthyThreshold { get; init; } = 2;

    /// <summary>A passing probe that takes longer means Degraded. Null (the default): never.</summary>
    public TimeSpan? DegradedLatency { get; init; }
}
