namespace Gateway.Node.Routing;

/// <summary>Sends copies of a route's requests to another pool. Their answers are dropped, and clients never wait for them.</summary>
public sealed record MirrorSettings
{
    /// <summary>The name of a pool that exists, and that the route's requests do not go to.</summary>
    public required string Pool { get; init; }

    /// <summary>How many requests of a hundred are copied, by chance. Default 100: all; 0 to 100.</summary>
    public double Percent { get; init; } = 100;

    /// <summary>Copies that there may be at once, in the whole replica; a request beyond them is not copied. Default 100; 1 to 10,000.</summary>
    public int MaxConcurrent { get; init; } = 100;

    /// <summary>The largest body that is copied, in bytes, its framing among them. Default 64 KiB; 0 to 16 MiB.</summary>
    public int MaxBody { get; init; } = 64 * 1024;
}
