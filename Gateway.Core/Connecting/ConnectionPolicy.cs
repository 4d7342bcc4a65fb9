namespace Gateway.Core.Connecting;

/// <summary>The connection settings for one endpoint.</summary>
public sealed record ConnectionPolicy
{
    public static ConnectionPolicy Default { get; } = new();

    /// <summary>Maximum connections to one endpoint. Default 256, 1 to 20,000; if all are busy another endpoint is picked.</summary>
    public int Max { get; init; } = 256;

    /// <summary>
    /// Attempts that may queue for a connection at one endpoint when no endpoint has room. Default 100, 0 (no queue) to 10,000; beyond it 503.
    /// </summary>
    public int QueueSize { get; init; } = 100;

    /// <summary>The maximum time in the queue. Default 1 s, 1 ms to 1 min; then 503, which counts against no endpoint.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Idle connections are closed after this. Default 60 s, 1 s to 1 h.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The maximum age of a connection. Default 10 min, 1 s to 24 h.</summary>
    public TimeSpan MaxLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The time limit for name resolution, connection and TLS together. Default 2 s, 1 ms to 1 min.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Silence on an HTTP/2 connection with requests in flight after which a ping is sent; if unanswered for 5 s, or this interval if shorter,
    /// the connection is closed. Default 20 s, 1 s to 1 h.
    /// </summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Maximum header fields of one answer, and separately trailer fields. Default 128, 1 to 4,096; beyond it the answer counts as malformed: 502.
    /// HTTP/1.1 only; an answer over HTTP/2 is limited by its size.
    /// </summary>
    public int MaxAnswerFields { get; init; } = 128;

    /// <summary>The backends' protocol. Default HTTP/1.1; with HTTP/2, requests share connections, and Max limits requests in flight.</summary>
    public BackendProtocol Protocol { get; init; }

    /// <summary>The PROXY protocol header to send. Default off. With it each connection serves one request and is not reused.</summary>
    public BackendProxyProtocol ProxyProtocol { get; init; }

    public TlsPolicy Tls { get; init; } = TlsPolicy.Default;
}

/// <summary>The PROXY protocol header at the start of each backend connection, which names the client.</summary>
public enum BackendProxyProtocol
{
    Off,

    /// <summary>The text format.</summary>
    V1,

    /// <summary>The binary format.</summary>
    V2,
}

/// <summary>The protocol of a pool's backends.</summary>
public enum BackendProtocol
{
    Http1,

    /// <summary>
    /// HTTP/2, without TLS by prior knowledge; required for gRPC.
    /// </summary>
    Http2,
}
