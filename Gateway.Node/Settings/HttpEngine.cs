namespace Gateway.Node.Settings;

/// <summary>What brings HTTP/1.1 to the engine.</summary>
public enum HttpEngine
{
    /// <summary><see cref="Epoll"/>, the engine's own loops.</summary>
    Auto,

    /// <summary>Loops of the engine's own on epoll, for clients' and backends' sockets alike; on Linux.</summary>
    Epoll,

    /// <summary>
    /// Kestrel's HTTP/1.1 in front of the engine. For comparison: it costs several times the CPU, and serves no upgrades.
    /// </summary>
    Kestrel,
}
