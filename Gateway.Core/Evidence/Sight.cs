using Gateway.Core.Breaking;
using Gateway.Core.Health;

namespace Gateway.Core.Evidence;

/// <summary>What one replica sees of one endpoint: the verdict of its own probes (Unknown: it has none) and its own breaker.</summary>
public readonly record struct Sight(Verdict Verdict, BreakerPhase Breaker)
{
    /// <summary>What it comes to for others: Bad by probe or breaker, Good by both.</summary>
    public Opinion Opinion => Breaker == BreakerPhase.Closed ? ProbeOpinion : Opinion.Bad;

    /// <summary>What the probes alone say.</summary>
    public Opinion ProbeOpinion => Verdict switch
    {
        Verdict.Unhealthy => Opinion.Bad,
        Verdict.Healthy or Verdict.Degraded => Opinion.Good,
        _ => Opinion.None,
    };

    /// <summary>
    /// Whether this is bad news after <paramref name="before"/>: probes have turned bad, or the breaker has opened, for the first time or again.
    /// A breaker that half-opens, or a probe opinion that is withdrawn, is no news.
    /// </summary>
    public bool IsBadNewsAfter(Sight before) =>
        (Verdict == Verdict.Unhealthy && before.Verdict != Verdict.Unhealthy)
        || (Breaker == BreakerPhase.Open && before.Breaker != BreakerPhase.Open);
}
