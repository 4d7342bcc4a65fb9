namespace Gateway.Core.Breaking;

/// <summary>An operator's control over a breaker.</summary>
public enum BreakerHold
{
    /// <summary>Automatic: a breaker held open becomes half-open.</summary>
    Auto,

    /// <summary>Open until an operator changes it, whatever the clock, a probe or another replica's trial says.</summary>
    Open,

    /// <summary>Close now: one attempt at a time until the first success; until three successes in a row, one failure or two reopen it.</summary>
    Close,
}
