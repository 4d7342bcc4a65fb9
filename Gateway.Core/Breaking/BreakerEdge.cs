namespace Gateway.Core.Breaking;

/// <summary>What a change of the breaker's word means to the endpoint actor. Most changes mean nothing.</summary>
public enum BreakerEdge
{
    None,

    /// <summary>The first failure after a success, the breaker staying closed.</summary>
    FirstFailure,

    /// <summary>The first success after failures that did not trip.</summary>
    FailuresCleared,

    /// <summary>Closed to Open.</summary>
    Tripped,

    /// <summary>Closed to Open at one failure, because the breaker was doubted.</summary>
    TrippedInDoubt,

    /// <summary>A doubted breaker is trusted again: enough successes in a row.</summary>
    Proven,

    /// <summary>A request would have been a trial, but the half-open breaker's gate is shut. Told once until it opens and shuts again.</summary>
    TrialWanted,

    /// <summary>A permit of the half-open breaker was taken.</summary>
    TrialTaken,

    /// <summary>A trial ended without a verdict, or with a success that was not yet enough.</summary>
    TrialEnded,

    /// <summary>HalfOpen to Open.</summary>
    TrialFailed,

    /// <summary>HalfOpen to Closed.</summary>
    Recovered,
}
