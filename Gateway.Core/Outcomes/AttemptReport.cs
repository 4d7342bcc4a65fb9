namespace Gateway.Core.Outcomes;

/// <summary>A transport's report on one attempt.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Status">The status of the answer; 0 if no head came.</param>
/// <param name="FullySent">Whether the request was fully sent, so that the gateway was waiting for the endpoint.</param>
/// <param name="Waited">From fully sent to the head, or to the end without one.</param>
/// <param name="Tls">For <see cref="AttemptEnd.NotConnected"/>: whether the TLS handshake failed.</param>
/// <param name="Detail">The error, for display; null if there was none.</param>
public readonly record struct AttemptReport(
    AttemptEnd End, int Status = 0, bool FullySent = false, TimeSpan Waited = default, bool Tls = false, string? Detail = null)
{
    /// <summary>The body bytes of the answer passed on; null if no answer was.</summary>
    public long? AnswerBytes { get; init; }

    /// <summary>The status of the gRPC call; null if it is not gRPC, or no status came.</summary>
    public GrpcStatus? Grpc { get; init; }

    /// <summary>Whether it broke on a kept-alive connection before a byte of the answer: the endpoint may have just closed it as idle.</summary>
    public bool Stale { get; init; }
}
