using Gateway.Core.Outcomes;

namespace Gateway.Core.Retrying;

/// <summary>
/// Decides which attempts may be repeated (RFC 9110, 9.2.2). No part of an answer has reached the client, and either
/// (a) the kernel accepted no byte of the request, or the backend stated that it did not process it: any method, the body unread or
/// kept; or
/// (b) the method is idempotent, the body unread or kept, and the connection broke, the try timed out, the answer was malformed, or its status
/// is one of the pool's; or
/// (c) it is a gRPC call whose answer is only one of the pool's gRPC retry statuses. Never otherwise: a close without an answer
/// proves nothing about what the backend did.
/// </summary>
public static class RetryRules
{
    /// <param name="attempt">The failed attempt; for a status, with the head just received and not passed on.</param>
    /// <param name="method">The request's method.</param>
    /// <param name="body">The state of its body.</param>
    /// <param name="attempts">Attempts made so far, this one included.</param>
    public static RetryDecision Decide(in AttemptReport attempt, string method, BodyState body, int attempts, RetryPolicy policy)
    {
        if (attempts > policy.Attempts || body == BodyState.Lost || !MayRepeat(attempt, method, policy))
        {
            return RetryDecision.Stop;
        }

        // If a head came the connection was not refused, and an endpoint that sends only heads must not double the load.
        return attempts <= 1 && attempt is { End: AttemptEnd.NotConnected or AttemptEnd.Unprocessed or AttemptEnd.Broken, Status: 0 }
            ? RetryDecision.Failover
            : RetryDecision.Again;
    }

    /// <summary>Whether a method may be repeated even if the backend may have processed it.</summary>
    public static bool IsIdempotent(string method) =>
        method is "GET" or "HEAD" or "OPTIONS" or "TRACE" or "PUT" or "DELETE";

    private static bool MayRepeat(in AttemptReport attempt, string method, RetryPolicy policy) => attempt.End switch
    {
        AttemptEnd.NotConnected or AttemptEnd.Saturated or AttemptEnd.Unprocessed => true,
        AttemptEnd.Broken or AttemptEnd.TryTimeout or AttemptEnd.Malformed => IsIdempotent(method),
        AttemptEnd.Answered or AttemptEnd.Discarded => (IsIdempotent(method) && policy.Statuses.Contains(attempt.Status)) || policy.GrpcStatuses.Contains(attempt.Grpc),
        _ => false,
    };
}

/// <summary>The state of a request's body when an attempt has failed.</summary>
public enum BodyState
{
    /// <summary>There is no body, or none of it has been read.</summary>
    Unread,

    /// <summary>All that was read is kept for the next attempt.</summary>
    Kept,

    /// <summary>Part of it is no longer available.</summary>
    Lost,
}

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
