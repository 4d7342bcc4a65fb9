namespace Gateway.Tests.Wire;

/// <summary>What carries a channel of a test.</summary>
public enum Carrier
{
    /// <summary>A socket of the loop's own, on epoll.</summary>
    Epoll,

    /// <summary>The same on io_uring.</summary>
    Uring,

    /// <summary>A pair of pipes over the stream of a socket.</summary>
    Pipes,
}
