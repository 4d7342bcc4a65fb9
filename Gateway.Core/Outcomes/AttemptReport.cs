namespace Gateway.Core.Outcomes;

/// <summary>What a transport says of one attempt.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Status">The status of the answer, 0 if no head came.</param>
/// <param name="FullySent">Whether the request had been sent to its end, so that the gateway was waiting for the endpoint.</param>
/// <param name="Waited">From fully sent to the head, or to the end without one.</param>
/// <param name="Tls">For <see cref="AttemptEnd.NotConnected"/>: it was the TLS handshake that failed.</param>
/// <param name="Detail">For people; null when all went well.</param>
public readonly record struct AttemptReport(
    AttemptEnd End, int Status = 0, bool FullySent = false, TimeSpan Waited = default, bool Tls = false, string? Detail = null)
{
    /// <summary>Bytes of the answer's body that were passed on; null when no answer was.</summary>
    public long? AnswerBytes { get; init; }

    /// <summary>The status of the gRPC call; null: it is none, or no status came.</summary>
    public GrpcStatus? Grpc { get; init; }

    /// <summary>It broke on a kept-alive connection before a byte of the answer: the endpoint may have closed it for idleness just then.</summary>
    public bool Stale { get; init; }
}
