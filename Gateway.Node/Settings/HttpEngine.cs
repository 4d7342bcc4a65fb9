namespace Gateway.Node.Settings;

/// <summary>What serves HTTP/1.1 to clients.</summary>
public enum HttpEngine
{
    /// <summary>Kestrel, and the transports of the pools beneath it.</summary>
    Kestrel,

    /// <summary>
    /// The gateway's own engine on epoll loops, for clients and backends alike. Experimental, on Linux: all pools must be of HTTP/1.1, plain or over TLS.
    /// </summary>
    Epoll,
}
