namespace Gateway.Core.Health;

/// <summary>
/// The verdict of probes on one endpoint, and its transitions:
/// <code>
/// Unknown            --first result--> Healthy | Degraded | Unhealthy
/// Healthy, Degraded  --unhealthy-threshold failures in a row--> Unhealthy     (one pass clears partial failures)
/// Unhealthy          --healthy-threshold passes in a row--> Healthy | Degraded (one failure clears partial passes)
/// </code>
/// </summary>
/// <param name="Verdict">The current verdict.</param>
/// <param name="Streak">
/// Consecutive results against the verdict: failures while it can be picked, passes while Unhealthy.
/// </param>
public readonly record struct VerdictState(Verdict Verdict, int Streak)
{
    public static VerdictState Initial => default;

    /// <summary>Whether the last result contradicted the verdict, so that the next probe should come soon.</summary>
    public bool InTransition => Streak > 0;

    public VerdictState Observe(ProbeResult result, HealthPolicy policy) => (Verdict, result.Passed) switch
    {
        (Verdict.Unknown, true) => new(Passing(result, policy), 0),
        (Verdict.Unknown, false) => new(Verdict.Unhealthy, 0),
        (Verdict.Unhealthy, false) => new(Verdict.Unhealthy, 0),
        (Verdict.Unhealthy, true) => Streak + 1 >= policy.HealthyThreshold
            ? new(Passing(result, policy), 0)
            : this with { Streak = Streak + 1 },
        (_, true) => new(Passing(result, policy), 0),
        (_, false) => Streak + 1 >= policy.UnhealthyThreshold
            ? new(Verdict.Unhealthy, 0)
            : this with { Streak = Streak + 1 },
    };

    private static Verdict Passing(ProbeResult result, HealthPolicy policy) =>
        result.Degraded || result.Latency > policy.DegradedLatency ? Verdict.Degraded : Verdict.Healthy;
}
