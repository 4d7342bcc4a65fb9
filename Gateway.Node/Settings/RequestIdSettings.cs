namespace Gateway.Node.Settings;

/// <summary>The id that each request bears from here on, in <c>X-Request-Id</c>.</summary>
public sealed record RequestIdSettings
{
    public static RequestIdSettings Default { get; } = new();

    /// <summary>
    /// Whether each request gets an id: that of a trusted proxy is kept, any other is replaced. Default off, unless <see cref="Echo"/> an access log or tracing is on; off, the field
    /// passes as it is.
    /// </summary>
    public bool Enabled { get; init; }

    /// <summary>Whether the client is told the id, in the answer's <c>X-Request-Id</c>. Default off.</summary>
    public bool Echo { get; init; }
}
