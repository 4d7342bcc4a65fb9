namespace Gateway.Http;

/// <summary>Why bytes are not an HTTP/1.1 message as the standards have it. What follows on the connection cannot be trusted after any of them.</summary>
public enum HttpFault
{
    None,

    /// <summary>The request line is not <c>method SP target SP version</c>.</summary>
    BadRequestLine,

    /// <summary>A version other than HTTP/1.0 and HTTP/1.1.</summary>
    BadVersion,

    /// <summary>No three-digit status where it belongs, or something stuck to it.</summary>
    BadStatusLine,

    /// <summary>A carriage return or a line feed without the other, a NUL or another control byte but the tab.</summary>
    ControlByte,

    /// <summary>A line that begins with white space: the obsolete folding, or something hidden before the first field.</summary>
    FoldedLine,

    MissingColon,

    /// <summary>White space between the name and the colon.</summary>
    SpaceBeforeColon,

    /// <summary>An empty name, or one with a byte that no token has.</summary>
    BadFieldName,

    TooManyFields,

    /// <summary>Connection fields that name more options than anybody has use for.</summary>
    TooManyOptions,

    HeadTooLarge,

    TargetTooLong,

    /// <summary>An HTTP/1.1 request without a Host field, or a request with several or with a bad one.</summary>
    BadHost,

    /// <summary>Not digits alone, or over 2^63 - 1.</summary>
    BadContentLength,

    DifferingContentLengths,

    /// <summary>Content-Length beside Transfer-Encoding: two readers may find two ends.</summary>
    LengthWithCoding,

    /// <summary>A Transfer-Encoding other than <c>chunked</c>, once and alone.</summary>
    UnknownCoding,

    /// <summary>Transfer-Encoding in an HTTP/1.0 message (RFC 9112 6.1: faulty framing).</summary>
    CodingInHttp10,

    /// <summary>No hexadecimal digits, too large, or followed by what neither ends the line nor begins an extension.</summary>
    BadChunkSize,

    ChunkExtensionTooLong,

    /// <summary>The payload of a chunk is not followed by the end of a line.</summary>
    BadChunkEnd,

    BadTrailer,

    TrailersTooLarge,

    /// <summary>Interim answers and no end to them.</summary>
    TooMuchInterim,

    /// <summary>A status that must have no body came with one.</summary>
    BodyNotAllowed,
}
