namespace Gateway.Http.Http2;

/// <summary>The pseudo fields (RFC 9113 8.3, RFC 8441 4).</summary>
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

    /// <summary>An unknown name that begins with a colon: the message is malformed.</summary>
    Unknown,
}
