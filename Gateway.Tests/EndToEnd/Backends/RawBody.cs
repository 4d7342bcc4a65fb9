namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>What ended a body, by the rules of RFC 9112 6.3.</summary>
public enum RawFraming
{
    None,
    ContentLength,
    Chunked,
    Close,
}

/// <summary>A body, without framing.</summary>
/// <param name="Whole">False if the other side ended before the body did.</param>
/// <param name="Trailers">Field lines after a chunked body.</param>
public sealed record RawBody(byte[] Bytes, RawFraming Framing, bool Whole, IReadOnlyList<string> Trailers)
{
    public static RawBody None { get; } = new([], RawFraming.None, true, []);
}
