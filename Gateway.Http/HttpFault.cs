namespace Gateway.Http;

/// <summary>Violations of HTTP/1.1. After any of them the rest of the connection cannot be trusted.</summary>
public enum HttpFault
{
    None,

    /// <summary>The request line is not <c>method SP target SP version</c>.</summary>
    BadRequestLine,

    /// <summary>A version other than HTTP/1.0 and HTTP/1.1.</summary>
    BadVersion,

    /// <summary>The three-digit status is missing or not delimited.</summary>
    BadStatusLine,

    /// <summary>A carriage return or line feed without the other, a NUL or another control byte except the tab.</summary>
    ControlByte,

    /// <summary>A line that begins with white space: obsolete line folding, or text hidden before the first field.</summary>
    FoldedLine,

    MissingColon,

    /// <summary>White space between the name and the colon.</summary>
    SpaceBeforeColon,

    /// <summary>An empty name, or one with a byte not allowed in a token.</summary>
    BadFieldName,

    TooManyFields,

    /// <summary>Connection fields with too many options.</summary>
    TooManyOptions,

    HeadTooLarge,

    TargetTooLong,

    /// <summary>An HTTP/1.1 request without a Host field, or a request with several or with an invalid one.</summary>
    BadHost,

    /// <summary>Not only digits, or over 2^63 - 1.</summary>
    BadContentLength,

    DifferingContentLengths,

    /// <summary>Content-Length beside Transfer-Encoding: two readers may find two ends.</summary>
    LengthWithCoding,

    /// <summary>A Transfer-Encoding other than a single <c>chunked</c>.</summary>
    UnknownCoding,

    /// <summary>Transfer-Encoding in an HTTP/1.0 message (RFC 9112 6.1: faulty framing).</summary>
    CodingInHttp10,

    /// <summary>No hexadecimal digits, too large, or not followed by the end of the line or an extension.</summary>
    BadChunkSize,

    ChunkExtensionTooLong,

    /// <summary>The payload of a chunk is not followed by a line end.</summary>
    BadChunkEnd,

    BadTrailer,

    TrailersTooLarge,

    /// <summary>Too many bytes of interim answers.</summary>
    TooMuchInterim,

    /// <summary>A body with a status that does not allow one.</summary>
    BodyNotAllowed,
}
