namespace Gateway.Http.Http2;

/// <summary>The fields whose names begin with a colon (RFC 9113 8.3, RFC 8441 4).</summary>
public enum PseudoField : byte
{
    /// <summary>An ordinary field.</summary>
    None,
    Method,
    Scheme,
    Authority,
    Path,
    Protocol,
    Status,

    /// <summary>The name begins with a colon and is none of the others: the message is malformed.</summary>
    Unknown,
}
