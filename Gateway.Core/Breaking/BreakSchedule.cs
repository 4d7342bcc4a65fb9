namespace Gateway.Core.Breaking;

/// <summary>Computes how long a tripped breaker stays open.</summary>
public static class BreakSchedule
{
    private const double Jitter = 0.1;

    /// <summary>
    /// Returns <c>min(break * 2^failedTrials, maxBreak)</c> ±10 %, so that replicas do not retry a broken endpoint in step. With a
    /// break of 10 s: 10, 20, 40, 80, 160, 300 s.
    /// </summary>
    /// <param name="failedTrials">Trials that have failed since the breaker last closed.</param>
    /// <param name="unit">A random number in [0, 1).</param>
    public static TimeSpan Duration(BreakerPolicy policy, int failedTrials, double unit)
    {
        var doubled = policy.Break * Math.Pow(2, Math.Min(failedTrials, 30));
        var bounded = doubled < policy.MaxBreak ? doubled : policy.MaxBreak;
        return bounded * (1 - Jitter + (2 * Jitter * unit));
    }
}
