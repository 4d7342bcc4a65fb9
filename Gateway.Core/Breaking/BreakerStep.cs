namespace Gateway.Core.Breaking;

/// <summary>A step of the breaker's word that only the endpoint actor takes.</summary>
public enum BreakerStep
{
    None,

    /// <summary>Open to HalfOpen.</summary>
    HalfOpen,

    /// <summary>Let one trial at a time through: it is this replica's turn.</summary>
    Grant,

    /// <summary>Let trials through as the policy says: there is nobody to take turns with.</summary>
    Free,

    /// <summary>Take back leave that nobody used.</summary>
    Withdraw,

    /// <summary>To Closed: another replica's trial succeeded.</summary>
    Close,

    /// <summary>Give up trials that never reported.</summary>
    ExpireTrials,

    /// <summary>Closed to Open, by the failure rate.</summary>
    Trip,

    /// <summary>To Open, by an operator.</summary>
    ForceOpen,

    /// <summary>To Closed, by an operator.</summary>
    ForceClose,
}
