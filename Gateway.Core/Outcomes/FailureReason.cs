namespace Gateway.Core.Outcomes;

/// <summary>Why an attempt or a probe failed: the closed set behind the metric label <c>reason</c>.</summary>
public enum FailureReason
{
    None,

    /// <summary>No connection: refused, unreachable, timed out while connecting, or the name did not resolve.</summary>
    Connect,

    /// <summary>No TLS session.</summary>
    Tls,

    /// <summary>The endpoint refused the stream, and did nothing with the request.</summary>
    Refused,

    /// <summary>The connection broke, or the stream was reset, before the head of the answer.</summary>
    Reset,

    /// <summary>The connection broke, or the endpoint fell silent, in the middle of the body.</summary>
    Body,

    /// <summary>The answer was not HTTP as the standards have it.</summary>
    Malformed,

    /// <summary>No head within the time allowed, the request having been sent.</summary>
    Timeout,

    /// <summary>A status that the pool counts as a failure.</summary>
    Status,

    /// <summary>The client left after waiting longer than the try timeout.</summary>
    Abandoned,
}
