namespace Gateway.Http;

/// <summary>How a message's end is found (RFC 9112 6.3).</summary>
public enum BodyKind : byte
{
    None,
    Length,
    Chunked,
    UntilClose,
}
