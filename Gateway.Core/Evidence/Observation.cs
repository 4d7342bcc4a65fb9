using Gateway.Core.Breaking;
using Gateway.Core.Health;

namespace Gateway.Core.Evidence;

/// <summary>One replica's view of one endpoint: the verdict of its own probes (Unknown without one) and its own breaker.</summary>
public readonly record struct Observation(Verdict Verdict, BreakerPhase Breaker)
{
    /// <summary>The opinion sent to others: Bad if probe or breaker is bad, Good if both are good.</summary>
    public Opinion Opinion => Breaker == BreakerPhase.Closed ? ProbeOpinion : Opinion.Bad;

    /// <summary>The opinion by probes alone.</summary>
    public Opinion ProbeOpinion => Verdict switch
    {
        Verdict.Unhealthy => Opinion.Bad,
        Verdict.Healthy or Verdict.Degraded => Opinion.Good,
        _ => Opinion.None,
    };

    /// <summary>
    /// Whether this is bad news after <paramref name="before"/>: probes have turned bad, or the breaker has opened, for the first time or again.
    /// A breaker that half-opens, or a withdrawn probe opinion, is not.
    /// </summary>
    public bool IsBadNewsAfter(Observation before) =>
        (Verdict == Verdict.Unhealthy && before.Verdict != Verdict.Unhealthy)
        || (Breaker == BreakerPhase.Open && before.Breaker != BreakerPhase.Open);
}

/// <summary>The conclusion of an observer's evidence.</summary>
public enum Opinion
{
    /// <summary>It does not probe the endpoint, and its breaker is closed.</summary>
    None,

    /// <summary>Its probes pass and its breaker is closed.</summary>
    Good,

    /// <summary>Its probes fail, or its breaker is not closed.</summary>
    Bad,
}
