namespace Gateway.Http;

/// <summary>
/// The framing of a message body (RFC 9112 6.3).
/// </summary>
public enum BodyKind : byte
{
    None,
    Length,
    Chunked,
    UntilClose,
}
