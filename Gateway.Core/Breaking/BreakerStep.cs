namespace Gateway.Core.Breaking;

/// <summary>A step of the breaker's word that only the endpoint actor takes.</summary>
public enum BreakerStep
{
    None,

    /// <summary>Open to HalfOpen.</summary>
    HalfOpen,

    /// <summary>Give up trials that never reported.</summary>
    ExpireTrials,

    /// <summary>Closed to Open, by the failure rate.</summary>
    Trip,
}
