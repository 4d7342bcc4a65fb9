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
