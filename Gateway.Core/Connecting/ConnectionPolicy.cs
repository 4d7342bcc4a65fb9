namespace Gateway.Core.Connecting;

/// <summary>The connections to one endpoint.</summary>
public sealed record ConnectionPolicy
{
    public static ConnectionPolicy Default { get; } = new();

    /// <summary>Connections to one endpoint at most. Default 256, 1 to 20,000; when all are busy another endpoint is picked.</summary>
    public int Max { get; init; } = 256;

    /// <summary>
    /// Attempts that may wait at one endpoint for a connection, when no endpoint has room. Default 100, 0 (none waits) to 10,000; beyond it 503.
    /// </summary>
    public int QueueSize { get; init; } = 100;

    /// <summary>How long they wait at most. Default 1 s, 1 ms to 1 min; then 503, for which no endpoint is to blame.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Idle connections close after this. Default 60 s, 1 s to 1 h.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>No connection is used for longer. Default 10 min, 1 s to 24 h.</summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Default 2 s, 1 ms to 1 min; name, connection and TLS together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// An HTTP/2 connection with requests in flight that is silent for this long is sent a ping; without an answer within 5 s, or this if it is
    /// less, it is closed. Default 20 s, 1 s to 1 h.
    /// </summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Header fields of one answer, and again trailer fields. Default 128, 1 to 4,096; beyond it the answer counts as malformed: 502. Over HTTP/1.1;
    /// an answer over HTTP/2 is bounded by its size.
    /// </summary>
    public int MaxAnswerFields { get; init; } = 128;

    /// <summary>What the backends speak. Default HTTP/1.1; with HTTP/2 requests share connections, and Max bounds requests in flight.</summary>
    public BackendProtocol Protocol { get; init; }

    /// <summary>Default off. With it a connection belongs to one request: it is not kept.</summary>
    public BackendProxyProtocol ProxyProtocol { get; init; }

    public TlsPolicy Tls { get; init; } = TlsPolicy.Default;
}
