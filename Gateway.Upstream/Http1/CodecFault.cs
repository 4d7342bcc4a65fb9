namespace Gateway.Upstream.Http1;

/// <summary>Why bytes from an endpoint are no HTTP/1.1 answer. After any of them the connection is never used again.</summary>
internal enum CodecFault
{
    None,

    /// <summary>It does not begin with <c>HTTP/1.</c> and a digit.</summary>
    BadVersion,

    /// <summary>No three-digit status from 100 on where it belongs, or something stuck to it.</summary>
    BadStatusLine,

    /// <summary>A line feed without a carriage return before it.</summary>
    BareLineFeed,

    /// <summary>A carriage return without a line feed after it.</summary>
    BareCarriageReturn,

    Nul,

    /// <summary>Another control byte but the tab. RFC 9110 5.5 calls it invalid, and Kestrel refuses to pass it on.</summary>
    ControlByte,

    /// <summary>A line that begins with white space: the obsolete folding, or something hidden before the first field.</summary>
    FoldedLine,

    MissingColon,

    /// <summary>White space within the name or between it and the colon.</summary>
    SpaceBeforeColon,

    /// <summary>An empty name, or one with a byte that no token has.</summary>
    BadFieldName,

    TooManyFields,

    /// <summary>Connection fields with more members than anybody needs, each of which would be looked up among all fields.</summary>
    TooManyOptions,

    HeadTooLarge,

    /// <summary>Not digits alone, or over 2^63 - 1.</summary>
    BadContentLength,

    DifferingContentLengths,

    /// <summary>Content-Length beside Transfer-Encoding: two readers may find two ends.</summary>
    LengthWithCoding,

    /// <summary>A Transfer-Encoding other than <c>chunked</c>, once and alone.</summary>
    UnknownCoding,

    /// <summary>Transfer-Encoding in an HTTP/1.0 answer, which RFC 9112 6.1 has taken for faulty framing.</summary>
    CodingInHttp10,

    /// <summary>No hexadecimal digits, too large, or followed by what neither ends the line nor begins an extension.</summary>
    BadChunkSize,

    ChunkSizeTooLong,

    ChunkExtensionTooLong,

    /// <summary>The payload of a chunk is not followed by the end of a line.</summary>
    BadChunkEnd,

    TrailersTooLarge,
}
