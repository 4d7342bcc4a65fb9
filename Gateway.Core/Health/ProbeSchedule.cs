namespace Gateway.Core.Health;

/// <summary>Computes when the next probe is due.</summary>
public static class ProbeSchedule
{
    /// <summary>The random spread of intervals in each direction, so that replicas and endpoints do not probe in step.</summary>
    private const double Jitter = 0.1;

    /// <summary>Missed results after which the last one expires.</summary>
    private const int MissedResults = 3;

    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    /// <summary>Returns the wait after a result: the fast interval in transition, the down interval while Unhealthy.</summary>
    /// <param name="suspect">Whether a report makes it probe as in transition.</param>
    /// <param name="unit">A random number in [0, 1).</param>
    public static TimeSpan NextIn(HealthPolicy policy, VerdictState state, bool suspect, double unit) =>
        (suspect ? Fast(policy) : Between(policy, state)) * (1 - Jitter + (2 * Jitter * unit));

    /// <summary>Returns the wait before a verifying probe: at most one per fast interval.</summary>
    /// <param name="last">When the last one began; null if never.</param>
    public static TimeSpan VerifyIn(HealthPolicy policy, TimeSpan? last, TimeSpan now) =>
        last + Fast(policy) is { } next && next > now ? next - now : TimeSpan.Zero;

    /// <summary>
    /// Returns how long the result of a verifying probe can take to arrive: the wait before sending, its timeout, and a second for the rest. With
    /// probes turned off, that second alone. With the defaults 7 s.
    /// </summary>
    public static TimeSpan VerifiedWithin(HealthPolicy policy) =>
        policy.Probe.Kind == ProbeKind.None ? Slack : Fast(policy) + policy.Probe.Timeout + Slack;

    /// <summary>Returns how long a verdict lasts without another result.</summary>
    public static TimeSpan LastsFor(HealthPolicy policy) =>
        MissedResults * (policy.DownInterval is { } down && down > policy.Interval ? down : policy.Interval);

    /// <summary>
    /// Returns how long a result may be reused: half the fast interval. Two pools that share a probe and fall due together
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
