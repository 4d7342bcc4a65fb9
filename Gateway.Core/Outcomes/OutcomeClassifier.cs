using Gateway.Core.Retrying;

namespace Gateway.Core.Outcomes;

/// <summary>The one place that decides what an attempt says about its endpoint.</summary>
public static class OutcomeClassifier
{
    /// <summary>
    /// A timeout is the endpoint's failure only if the request was fully sent; a client that left counts against the endpoint only if it
    /// had waited longer than the try timeout (else a hanging backend with impatient clients would never be found). 4xx never count.
    /// A body that broke is reported apart: its head was a success.
    /// </summary>
    public static (Outcome Outcome, FailureReason Reason) Classify(in AttemptReport attempt, RetryPolicy policy, TimeSpan tryTimeout) =>
        attempt.End switch
        {
            AttemptEnd.Answered or AttemptEnd.Discarded or AttemptEnd.BodyBroken or AttemptEnd.BodyAbandoned
                => ClassifyStatus(attempt.Status, policy),
            AttemptEnd.NotConnected => (Outcome.Failure, attempt.Tls ? FailureReason.Tls : FailureReason.Connect),
            AttemptEnd.Unprocessed => (Outcome.Failure, FailureReason.Refused),
            AttemptEnd.Broken => (Outcome.Failure, FailureReason.Reset),
            AttemptEnd.Malformed => (Outcome.Failure, FailureReason.Malformed),
            AttemptEnd.TryTimeout or AttemptEnd.RequestTimeout when attempt.FullySent => (Outcome.Failure, FailureReason.Timeout),
            AttemptEnd.ClientGone when attempt.FullySent && attempt.Waited > tryTimeout => (Outcome.Failure, FailureReason.Abandoned),
            _ => (Outcome.Ignored, FailureReason.None),
        };

    /// <summary>What the head of an answer says, before its body is known.</summary>
    public static (Outcome Outcome, FailureReason Reason) ClassifyStatus(int status, RetryPolicy policy) =>
        policy.Statuses.Contains(status) ? (Outcome.Failure, FailureReason.Status) : (Outcome.Success, FailureReason.None);
}
