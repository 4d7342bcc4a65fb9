namespace Gateway.Core.Breaking;

/// <summary>What an operator does to a breaker.</summary>
public enum BreakerHold
{
    /// <summary>Let it go by itself: one that is held open becomes half-open.</summary>
    Auto,

    /// <summary>Open, until an operator says otherwise: neither time nor a probe nor another replica's trial ends it.</summary>
    Open,

    /// <summary>Close it now: one attempt at a time until one has succeeded, and until three have in a row one failure or two open it again.</summary>
    Close,
}
