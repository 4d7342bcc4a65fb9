using Gateway.Node.Routing;

namespace Gateway.Node.Engine;

/// <summary>How an answer is framed and delivered.</summary>
[Flags]
internal enum AnswerFraming : byte
{
    None = 0,

    /// <summary>The client's connection closes after the answer.</summary>
    Closes = 1,

    /// <summary>The client speaks HTTP/1.0.</summary>
    ToHttp10 = 2,

    /// <summary>The body is sent in chunks.</summary>
    Chunked = 4,

    /// <summary>A chunked body arrived whole and is empty: the head says Content-Length: 0 instead.</summary>
    Empty = 8,

    /// <summary>The backend answered over HTTP/2.</summary>
    FromHttp2 = 16,

    /// <summary>A head that arrives alone may be held back for the first bytes of its body.</summary>
    MayHoldHead = 32,
}

/// <summary>How the head of an answer is written for its client.</summary>
/// <param name="GatewayId">The name for Via.</param>
/// <param name="Date">The Date line for an answer that has none.</param>
internal readonly record struct AnswerShape(string GatewayId, byte[] Date, AnswerFraming Framing = AnswerFraming.None)
{
    /// <summary>The request's id, which replaces the backend's; null: the backend's passes.</summary>
    public RequestId? Id { get; init; }

    /// <summary>The route's changes to the answer's fields; null: none.</summary>
    public FieldEdit? Fields { get; init; }

    /// <summary>A line to add; null: none.</summary>
    public byte[]? Cookie { get; init; }

    /// <summary>The Strict-Transport-Security line, which replaces the backend's; null: the backend's passes.</summary>
    public byte[]? Hsts { get; init; }

    public bool Is(AnswerFraming framing) => (Framing & framing) != 0;
}
