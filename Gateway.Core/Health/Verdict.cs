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

/// <summary>The names of the verdicts in metrics, commands and the admin API.</summary>
public static class VerdictNames
{
    public static string Name(this Verdict verdict) => verdict switch
    {
        Verdict.Unknown => "unknown",
        Verdict.Healthy => "healthy",
        Verdict.Degraded => "degraded",
        Verdict.Unhealthy => "unhealthy",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
    };
}
