namespace Gateway.Core.Health;

/// <summary>When the next probe is due.</summary>
public static class ProbeSchedule
{
    /// <summary>Intervals are spread by this share either way, so that replicas and endpoints do not march in step.</summary>
    private const double Jitter = 0.1;

    /// <summary>How long to wait after a result: the fast interval in transition, the down interval while Unhealthy.</summary>
    /// <param name="unit">A random number in [0, 1).</param>
    public static TimeSpan NextIn(HealthPolicy policy, VerdictState state, double unit) =>
        Between(policy, state) * (1 - Jitter + (2 * Jitter * unit));

    /// <summary>
    /// How long a result stands for one that is asked for: half the fast interval. Two pools that share a probe and fall due together
    /// then probe once.
    /// </summary>
    public static TimeSpan FreshFor(HealthPolicy policy) => Fast(policy) / 2;

    private static TimeSpan Fast(HealthPolicy policy) => policy.FastInterval ?? policy.Interval / 5;

    private static TimeSpan Between(HealthPolicy policy, VerdictState state) => state switch
    {
        { InTransition: true } => Fast(policy),
        { Verdict: Verdict.Unhealthy } => policy.DownInterval ?? policy.Interval,
        _ => policy.Interval,
    };
}
