namespace Gateway.Core.Outcomes;

/// <summary>Classifies what an attempt means for its endpoint's health, in one place.</summary>
public static class OutcomeClassifier
{
    /// <summary>
    /// Classifies an attempt. A timeout is the endpoint's failure only if the request was fully sent; a client that left counts against the endpoint only if it had
    /// waited longer than the try timeout (otherwise a hanging backend with impatient clients would never be found). A client's deadline never counts: if it is later than the try timeout,
    /// that ends the attempt first. Nor do 4xx. A gRPC call is also judged by its own status, wherever that came, since its HTTP status is nearly always 200.
    /// A success counts at the end of its body: a head alone proves nothing, and a broken body is a failure, whatever its head said. If the client
    /// left in the middle of it, the result is unknown.
    /// </summary>
    /// <param name="failures">The HTTP statuses that count against the endpoint.</param>
    /// <param name="grpcFailures">The gRPC statuses that count against the endpoint.</param>
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

    /// <summary>Classifies the head of an answer, before its body is known.</summary>
    /// <param name="grpc">The status of the gRPC call if it is in the head: such an answer has no body. Null if not known.</param>
    /// <param name="failures">The HTTP statuses that count against the endpoint.</param>
    /// <param name="grpcFailures">The gRPC statuses that count against the endpoint.</param>
    public static (Outcome Outcome, FailureReason Reason) ClassifyStatus(int status, GrpcStatus? grpc, StatusSet failures, GrpcStatusSet grpcFailures) =>
        failures.Contains(status) || grpcFailures.Contains(grpc) ? (Outcome.Failure, FailureReason.Status) : (Outcome.Success, FailureReason.None);
}
