namespace Gateway.Node.Settings;

/// <summary>The id of each request, in <c>X-Request-Id</c>.</summary>
public sealed record RequestIdSettings
{
    public static RequestIdSettings Default { get; } = new();

    /// <summary>
    /// Whether each request gets an id: a trusted proxy's is kept, any other is replaced. Default off, unless <see cref="Echo"/>, an access log or tracing is
    /// on; if off, the field passes unchanged.
    /// </summary>
    public bool Enabled { get; init; }

    /// <summary>Whether the id is sent to the client, in the answer's <c>X-Request-Id</c>. Default off.</summary>
    public bool Echo { get; init; }
}
