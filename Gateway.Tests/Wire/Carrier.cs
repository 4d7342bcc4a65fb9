namespace Gateway.Tests.Wire;

/// <summary>The carrier of a test's channel.</summary>
public enum Carrier
{
    /// <summary>The loop's own socket, on epoll.</summary>
    Epoll,

    /// <summary>The loop's own socket, on io_uring.</summary>
    Uring,

    /// <summary>A pair of pipes over the stream of a socket.</summary>
    Pipes,
}
