namespace Gateway.Tests.Wire;

/// <summary>What carries a channel of a test.</summary>
public enum Carrier
{
    /// <summary>A socket of the loop's own.</summary>
    Epoll,

    /// <summary>A pair of pipes over the stream of a socket.</summary>
    Pipes,
}
