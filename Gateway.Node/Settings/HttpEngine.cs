namespace Gateway.Node.Settings;

/// <summary>What serves HTTP/1.1 to clients.</summary>
public enum HttpEngine
{
    /// <summary>Kestrel, and the transports of the pools beneath it.</summary>
    Kestrel,

    /// <summary>
    /// The gateway's own engine on epoll loops, for clients and backends alike. Experimental, on Linux: all pools must be of plain HTTP/1.1.
    /// </summary>
    Epoll,

    /// <summary>The same engine on loops without epoll, over Kestrel's transport and .NET's sockets. Experimental, on every system.</summary>
    Transport,
}
