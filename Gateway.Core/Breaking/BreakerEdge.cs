namespace Gateway.Core.Breaking;

/// <summary>The meaning of a breaker transition for the endpoint actor. Most transitions have none.</summary>
public enum BreakerEdge
{
    None,

    /// <summary>The first failure after a success; the breaker stays closed.</summary>
    FirstFailure,

    /// <summary>The first success after failures that did not trip the breaker.</summary>
    FailuresCleared,

    /// <summary>Closed to Open.</summary>
    Tripped,

    /// <summary>Closed to Open at the first failure, because the breaker was doubted.</summary>
    TrippedInDoubt,

    /// <summary>A doubted breaker is trusted again after enough successes in a row.</summary>
    Proven,

    /// <summary>
    /// A request would have been a trial, but the gate of the half-open breaker is shut. Raised once until it opens and shuts again.
    /// </summary>
    TrialWanted,

    /// <summary>A permit of the half-open breaker was taken.</summary>
    TrialTaken,

    /// <summary>A trial ended without a result, or with a success that was not yet enough.</summary>
    TrialEnded,

    /// <summary>HalfOpen to Open.</summary>
    TrialFailed,

    /// <summary>HalfOpen to Closed.</summary>
    Recovered,
}
