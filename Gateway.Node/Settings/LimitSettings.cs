namespace Gateway.Node.Settings;

/// <summary>What clients, and the gateway's own probes, may use of this replica.</summary>
public sealed record LimitSettings
{
    public static LimitSettings Default { get; } = new();

    /// <summary>Requests proxied at once. Default 1,000, 1 to 1,000,000; over it 503 with <c>Retry-After</c>.</summary>
    public int MaxConnections { get; init; } = 1000;

    /// <summary>Connections of clients at once. Default 20,000, 1 to 1,000,000; over it new ones are closed at once.</summary>
    public int MaxClientConnections { get; init; } = 20_000;

    /// <summary>Connections of one client at once, by the peer's address (IPv6: its /64). Default 0 (no limit), to 1,000,000; over it new ones are closed at once.</summary>
    public int MaxConnectionsPerClient { get; init; }

    /// <summary>Largest request body in bytes; a route may set its own. Default null (no limit), 0 to 2^50; over it 413.</summary>
    public long? MaxRequestBodySize { get; init; }

    /// <summary>Bytes a second below which a request body is given up, after 5 s of grace. Default 240, 0 (never) to 10^9.</summary>
    public int MinRequestBodyDataRate { get; init; } = 240;

    /// <summary>Bytes a second below which a client reads its answer too slowly, after 5 s of grace. Default 240, 0 (never) to 10^9.</summary>
    public int MinResponseDataRate { get; init; } = 240;

    /// <summary>Largest request line and header fields in bytes. Default 32 KiB, 1 KiB to 1 MiB; over it 431 or 414.</summary>
    public int MaxRequestHeadSize { get; init; } = 32 * 1024;

    /// <summary>Header fields of one request. Default 100, 1 to 10,000; over it 431.</summary>
    public int MaxRequestFields { get; init; } = 100;

    /// <summary>
    /// Probes in flight at once, those that look into reports aside. Default null: twice the sum of timeout / interval over all endpoints, at least 64,
    /// at most 4,096. 1 to 10,000; too low for many endpoints that do not answer makes probes late, which is logged.
    /// </summary>
    public int? MaxConcurrentProbes { get; init; }
}
