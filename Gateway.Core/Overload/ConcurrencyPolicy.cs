namespace Gateway.Core.Overload;

/// <summary>Within which bounds a pool's limit on waiting requests adapts. A pool without one has no such limit.</summary>
public sealed record ConcurrencyPolicy
{
    public static ConcurrencyPolicy Default { get; } = new();

    /// <summary>The limit begins here and never falls lower. Default 20, 1 to 100,000; a low one is cautious at the start and soon left.</summary>
    public int Min { get; init; } = 20;

    /// <summary>The limit never rises higher. Default 1,000, 1 to 100,000; at least <see cref="Min"/>.</summary>
    public int Max { get; init; } = 1000;

    /// <summary>How many times the usual latency is taken for healthy. Default 1.5, more than 1, up to 10; lower refuses sooner and keeps queues shorter.</summary>
    public double Tolerance { get; init; } = 1.5;

    /// <summary>A limit within the bounds, as a whole number.</summary>
    public int Bound(double limit) => Math.Clamp((int)limit, Min, Max);
}
