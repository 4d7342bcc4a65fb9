namespace Gateway.Upstream.Forwarding;

/// <summary>
/// The connection that an attempt goes over, so that it can be closed when its answer cannot be trusted. The HTTP client does not tell,
/// and would use it again; but it writes the request in the attempt's own flow, and there the connection makes itself known.
/// </summary>
internal sealed class ConnectionInUse
{
    private static readonly AsyncLocal<ConnectionInUse?> Flow = new();

    private Stream? _connection;

    private ConnectionInUse()
    {
    }

    /// <summary>Begins to watch what the caller, an async method, does from here on.</summary>
    public static ConnectionInUse Watch() => Flow.Value = new();

    /// <summary>Called by a connection that is written to.</summary>
    public static void Is(Stream connection)
    {
        if (Flow.Value is { } watched)
        {
            watched._connection = connection;
        }
    }

    public void Close() => _connection?.Dispose();
}
