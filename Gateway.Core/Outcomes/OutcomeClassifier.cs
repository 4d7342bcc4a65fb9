namespace Gateway.Core.Outcomes;

/// <summary>The one place that decides what an attempt says about its endpoint.</summary>
public static class OutcomeClassifier
{
    /// <summary>
    /// A timeout is the endpoint's failure only if the request was fully sent; a client that left counts against the endpoint only if it
    /// had waited longer than the try timeout (else a hanging backend with impatient clients would never be found). A deadline of the client's never counts: where it is later than the try
    /// timeout, that ends the attempt first. Nor do 4xx. A gRPC call is judged by its own status too, wherever that came: a status of HTTP is 200 for nearly all of them.
    /// A success is one at the end of its body: a head alone proves nothing, and a body that broke is a failure, whatever its head said. Where the
    /// client left in the middle of it, nobody knows.
    /// </summary>
    /// <param name="failures">The statuses of HTTP that count against the endpoint.</param>
    /// <param name="grpcFailures">Likewise, those of gRPC.</param>
    public static (Outcome Outcome, FailureReason Reason) Classify(in AttemptReport attempt, StatusSet failures, GrpcStatusSet grpcFailures, TimeSpan tryTimeout) =>
        attempt.End switch
        {
            AttemptEnd.Answered or AttemptEnd.Discarded => ClassifyStatus(attempt.Status, attempt.Grpc, failures, grpcFailures),
            AttemptEnd.BodyBroken => (Outcome.Failure, FailureReason.Body),
            AttemptEnd.Broken when attempt.Status != 0 => (Outcome.Failure, FailureReason.Body),
            AttemptEnd.NotConnected => (Outcome.Failure, attempt.Tls ? FailureReason.Tls : FailureReason.Connect),
            AttemptEnd.Unprocessed => (Outcome.Failure, FailureReason.Refused),
            AttemptEnd.Broken => (Outcome.Failure, FailureReason.Reset),
            AttemptEnd.Malformed => (Outcome.Failure, FailureReason.Malformed),
            AttemptEnd.TryTimeout or AttemptEnd.RequestTimeout when attempt.FullySent => (Outcome.Failure, FailureReason.Timeout),
            AttemptEnd.ClientGone when attempt.FullySent && attempt.Waited > tryTimeout => (Outcome.Failure, FailureReason.Abandoned),
            _ => (Outcome.Ignored, FailureReason.None),
        };

    /// <summary>What the head of an answer says, before its body is known.</summary>
    /// <param name="grpc">The status of the gRPC call, where the head says it: such an answer has no body. null: not known.</param>
    /// <param name="failures">The statuses of HTTP that count against the endpoint.</param>
    /// <param name="grpcFailures">Likewise, those of gRPC.</param>
    public static (Outcome Outcome, FailureReason Reason) ClassifyStatus(int status, GrpcStatus? grpc, StatusSet failures, GrpcStatusSet grpcFailures) =>
        failures.Contains(status) || grpcFailures.Contains(grpc) ? (Outcome.Failure, FailureReason.Status) : (Outcome.Success, FailureReason.None);
}
