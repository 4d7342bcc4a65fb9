namespace Gateway.Node.Routing;

/// <summary>Sends copies of a route's requests to another pool. Their answers are dropped, and clients never wait for them.</summary>
public sealed record MirrorSettings
{
    /// <summary>The name of an existing pool, not one of the route's own.</summary>
    public required string Pool { get; init; }

    /// <summary>The percentage of requests copied, at random. Default 100: all; 0 to 100.</summary>
    public double Percent { get; init; } = 100;

    /// <summary>The most concurrent copies in the replica; requests beyond it are not copied. Default 100; 1 to 10,000.</summary>
    public int MaxConcurrent { get; init; } = 100;

    /// <summary>The largest body copied, in bytes, including framing. Default 64 KiB; 0 to 16 MiB.</summary>
    public int MaxBody { get; init; } = 64 * 1024;
}
