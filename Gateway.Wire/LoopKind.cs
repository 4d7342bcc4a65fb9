namespace Gateway.Wire;

/// <summary>What an event loop waits on, and so what carries the sockets it is given.</summary>
public enum LoopKind
{
    /// <summary>Readiness: epoll tells, the loop receives and sends. On Linux.</summary>
    Epoll,

    /// <summary>Completion: the system receives and sends, and tells when it has. On Linux where <see cref="UringProbe"/> finds it.</summary>
    Uring,

    /// <summary>A monitor: all connections are carried by pipes. On every system.</summary>
    Portable,
}
