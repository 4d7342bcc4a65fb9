namespace Gateway.Core.Retrying;

/// <summary>Whether a request is tried again.</summary>
public enum RetryDecision
{
    /// <summary>This is the last answer.</summary>
    Stop,

    /// <summary>After a backoff, if the budget allows.</summary>
    Again,

    /// <summary>At once and outside the budget: the first failover from a refused or broken connection.</summary>
    Failover,
}
