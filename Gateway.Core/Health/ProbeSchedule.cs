namespace Gateway.Core.Health;

/// <summary>When the next probe is due.</summary>
public static class ProbeSchedule
{
    /// <summary>Intervals are spread by this share either way, so that replicas and endpoints do not march in step.</summary>
    private const double Jitter = 0.1;

    /// <summary>Results in a row that may fail to come before the last one says nothing any more.</summary>
    private const int Patience = 3;

    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait after a result: the fast interval in transition, the down interval while Unhealthy.</summary>
    /// <param name="suspect">Whether a report makes it as if in transition.</param>
    /// <param name="unit">A random number in [0, 1).</param>
    public static TimeSpan NextIn(HealthPolicy policy, VerdictState state, bool suspect, double unit) =>
        (suspect ? Fast(policy) : Between(policy, state)) * (1 - Jitter + (2 * Jitter * unit));

    /// <summary>How long to wait before a report is looked into: at most one such probe comes per fast interval.</summary>
    /// <param name="last">When the last one began; null: never.</param>
    public static TimeSpan VerifyIn(HealthPolicy policy, TimeSpan? last, TimeSpan now) =>
        last + Fast(policy) is { } next && next > now ? next - now : TimeSpan.Zero;

    /// <summary>
    /// How long the result of a verifying probe can take to be known here: until it may be sent, until it times out, and a second for all else. Where
    /// nothing is probed, that second alone. By the defaults 7 s.
    /// </summary>
    public static TimeSpan VerifiedWithin(HealthPolicy policy) =>
        policy.Probe.Kind == ProbeKind.None ? Slack : Fast(policy) + policy.Probe.Timeout + Slack;

    /// <summary>How long a verdict lasts without another result.</summary>
    public static TimeSpan LastsFor(HealthPolicy policy) =>
        Patience * (policy.DownInterval is { } down && down > policy.Interval ? down : policy.Interval);

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
