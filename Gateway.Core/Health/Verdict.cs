namespace Gateway.Core.Health;

/// <summary>The verdict of probes on an endpoint.</summary>
public enum Verdict
{
    /// <summary>Not probed yet. Can be picked.</summary>
    Unknown,
    Healthy,

    /// <summary>Healthy, but its probe was slow or its answer said so. Can be picked.</summary>
    Degraded,
    Unhealthy,
}
