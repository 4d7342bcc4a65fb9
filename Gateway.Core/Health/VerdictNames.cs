namespace Gateway.Core.Health;

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
