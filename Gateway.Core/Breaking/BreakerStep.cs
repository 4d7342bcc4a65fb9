namespace Gateway.Core.Breaking;

/// <summary>A breaker transition made by the endpoint actor only.</summary>
public enum BreakerStep
{
    None,

    /// <summary>Open to HalfOpen.</summary>
    HalfOpen,

    /// <summary>Admit one trial at a time: it is this replica's turn.</summary>
    Grant,

    /// <summary>Admit trials by the policy: no other replica takes turns.</summary>
    Free,

    /// <summary>Withdraw an unused grant.</summary>
    Withdraw,

    /// <summary>To Closed: another replica's trial succeeded.</summary>
    Close,

    /// <summary>Release the permits of trials that never reported.</summary>
    ExpireTrials,

    /// <summary>Closed to Open, by the failure rate.</summary>
    Trip,

    /// <summary>To Open, by an operator.</summary>
    ForceOpen,

    /// <summary>To Closed, by an operator.</summary>
    ForceClose,
}

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
