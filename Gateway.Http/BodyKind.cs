namespace Gateway.Http;

/// <summary>How a message body is framed (RFC 9112 6.3).</summary>
public enum BodyKind : byte
{
    None,
    Length,
    Chunked,
    UntilClose,
}
