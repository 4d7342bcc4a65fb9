namespace Gateway.Core.Outcomes;

/// <summary>The end of an attempt, as reported by a transport, independent of its exceptions.</summary>
public enum AttemptEnd
{
    /// <summary>The head came and was passed on, and so was the whole body.</summary>
    Answered,

    /// <summary>The head came with a status to retry; nothing of it reached the client.</summary>
    Discarded,

    /// <summary>No connection was established; the kernel accepted no byte of the request.</summary>
    NotConnected,

    /// <summary>Every connection was busy, and none became free within the queue timeout; no byte was sent.</summary>
    Saturated,

    /// <summary>
    /// The endpoint did not process the request: it reset the stream with REFUSED_STREAM, or its GOAWAY named an earlier stream as the last
    /// (RFC 9113, 8.7).
    /// </summary>
    Unprocessed,

    /// <summary>The connection broke before the head, or the endpoint reset the stream.</summary>
    Broken,

    /// <summary>The answer is not valid HTTP.</summary>
    Malformed,

    /// <summary>The try timeout ended it before the head.</summary>
    TryTimeout,

    /// <summary>The request timeout ended it before the head.</summary>
    RequestTimeout,

    /// <summary>The client's deadline for its call passed, before the head or after it.</summary>
    DeadlinePassed,

    /// <summary>The client left before the head.</summary>
    ClientGone,

    /// <summary>The client's body was malformed or stalled.</summary>
    BadRequestBody,

    /// <summary>The endpoint broke off, or stalled, after the head was passed on.</summary>
    BodyBroken,

    /// <summary>
    /// The client left, or stopped reading, after the head was passed on; or the replica stopped, whatever had been passed on.
    /// </summary>
    BodyAbandoned,
}
