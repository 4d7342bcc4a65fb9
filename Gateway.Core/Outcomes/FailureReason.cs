namespace Gateway.Core.Outcomes;

/// <summary>The reason why an attempt or a probe failed: the closed set of the metric label <c>reason</c>.</summary>
public enum FailureReason
{
    None,

    /// <summary>No connection: refused, unreachable, timed out while connecting, or the name did not resolve.</summary>
    Connect,

    /// <summary>The TLS handshake failed.</summary>
    Tls,

    /// <summary>The endpoint refused the stream, and did not process the request.</summary>
    Refused,

    /// <summary>The connection broke, or the stream was reset, before the head of the answer.</summary>
    Reset,

    /// <summary>The connection broke, or the endpoint stalled, in the middle of the body.</summary>
    Body,

    /// <summary>The answer was not valid HTTP.</summary>
    Malformed,

    /// <summary>No head within the time limit, after the request was sent.</summary>
    Timeout,

    /// <summary>A status that the pool counts as a failure.</summary>
    Status,

    /// <summary>The client left after waiting longer than the try timeout.</summary>
    Abandoned,
}
