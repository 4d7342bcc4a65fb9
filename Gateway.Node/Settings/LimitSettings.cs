namespace Gateway.Node.Settings;

/// <summary>Limits of clients, and of the gateway's own probes, on this replica.</summary>
public sealed record LimitSettings
{
    public static LimitSettings Default { get; } = new();

    /// <summary>Concurrent proxied requests. Default 1,000, 1 to 1,000,000; beyond it 503 with <c>Retry-After</c>.</summary>
    public int MaxConnections { get; init; } = 1000;

    /// <summary>Concurrent client connections. Default 20,000, 1 to 1,000,000; further ones are closed at once.</summary>
    public int MaxClientConnections { get; init; } = 20_000;

    /// <summary>
    /// Concurrent connections per client, by the peer's address (IPv6: its /64). Default 0 (no limit), to 1,000,000; further ones are closed at once.
    /// </summary>
    public int MaxConnectionsPerClient { get; init; }

    /// <summary>The largest request body in bytes; a route may set its own. Default null (no limit), 0 to 2^50; beyond it 413.</summary>
    public long? MaxRequestBodySize { get; init; }

    /// <summary>The rate in bytes per second below which a request body is abandoned, after a grace period of 5 s. Default 240, 0 (never) to 10^9.</summary>
    public int MinRequestBodyDataRate { get; init; } = 240;

    /// <summary>
    /// The rate in bytes per second below which a client takes its answer too slowly, after a grace period of 5 s. Default 240, 0 (never) to 10^9.
    /// </summary>
    public int MinResponseDataRate { get; init; } = 240;

    /// <summary>The largest request line and header fields in bytes. Default 32 KiB, 1 KiB to 1 MiB; beyond it 431 or 414.</summary>
    public int MaxRequestHeadSize { get; init; } = 32 * 1024;

    /// <summary>The most header fields of a request. Default 100, 1 to 10,000; beyond it 431.</summary>
    public int MaxRequestFields { get; init; } = 100;

    /// <summary>
    /// Concurrent probes, without those that verify reports. Default null: twice the sum of timeout / interval over all endpoints, at least 64, at most 4,096.
    /// 1 to 10,000; if too low for many endpoints that do not answer, probes are late, which is logged.
    /// </summary>
    public int? MaxConcurrentProbes { get; init; }
}
