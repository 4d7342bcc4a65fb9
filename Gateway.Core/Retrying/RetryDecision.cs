namespace Gateway.Core.Retrying;

/// <summary>The decision to retry a request.</summary>
public enum RetryDecision
{
    /// <summary>No retry: this answer is final.</summary>
    Stop,

    /// <summary>Retry after a backoff, if the budget allows.</summary>
    Again,

    /// <summary>
    /// Retry at once and outside the budget: the first failover from a refused or broken connection.
    /// </summary>
    Failover,
}
