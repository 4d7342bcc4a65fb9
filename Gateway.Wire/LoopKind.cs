namespace Gateway.Wire;

/// <summary>The event source of a loop, which determines the transport of its sockets.</summary>
public enum LoopKind
{
    /// <summary>Readiness: epoll reports, the loop receives and sends. Linux only.</summary>
    Epoll,

    /// <summary>
    /// Completion: the system receives and sends, and reports when done. Linux only, where <see cref="UringProbe"/> succeeds.
    /// </summary>
    Uring,

    /// <summary>A monitor: all connections use pipes. Any system.</summary>
    Portable,
}
