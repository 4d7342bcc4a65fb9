namespace Gateway.Core.Outcomes;

/// <summary>How an attempt ended: what a transport reports, whatever its own exceptions are called.</summary>
public enum AttemptEnd
{
    /// <summary>The head came, was passed on, and so was the whole body.</summary>
    Answered,

    /// <summary>The head came with a status that is tried again; nothing of it reached the client.</summary>
    Discarded,

    /// <summary>No connection came about; no byte of the request was accepted by the kernel.</summary>
    NotConnected,

    /// <summary>Every connection was busy, and none came free in the time that an attempt may wait; no byte was sent.</summary>
    Saturated,

    /// <summary>
    /// The endpoint said that it did nothing with the request: it reset the stream with REFUSED_STREAM, or let its connection end at an earlier
    /// one (RFC 9113, 8.7).
    /// </summary>
    Unprocessed,

    /// <summary>The connection broke before the head, or the endpoint reset the stream.</summary>
    Broken,

    /// <summary>What came is not HTTP.</summary>
    Malformed,

    /// <summary>The try timeout ended it before the head.</summary>
    TryTimeout,

    /// <summary>The request timeout ended it before the head.</summary>
    RequestTimeout,

    /// <summary>The deadline that the client has set for its call passed, before the head or after it.</summary>
    DeadlinePassed,

    /// <summary>The client left before the head.</summary>
    ClientGone,

    /// <summary>The client's body broke its rules or stopped coming.</summary>
    BadRequestBody,

    /// <summary>The endpoint broke off, or fell silent, after the head was passed on.</summary>
    BodyBroken,

    /// <summary>The client left, or stopped reading, after the head was passed on; or the replica leaves, whatever has been passed on.</summary>
    BodyAbandoned,
}
