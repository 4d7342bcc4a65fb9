namespace Gateway.Upstream.Http1;

internal enum BodyKind
{
    None,
    Length,
    Chunked,
    UntilClose,
}

/// <summary>How a message's end is found (RFC 9112 6.3).</summary>
/// <param name="Bytes">For <see cref="BodyKind.Length"/> the body's length, else 0.</param>
internal readonly record struct BodyFraming(BodyKind Kind, long Bytes)
{
    public static BodyFraming None => default;

    public static BodyFraming Chunked => new(BodyKind.Chunked, 0);

    public static BodyFraming UntilClose => new(BodyKind.UntilClose, 0);

    public static BodyFraming Length(long bytes) => new(BodyKind.Length, bytes);
}
