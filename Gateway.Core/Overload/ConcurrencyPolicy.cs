namespace Gateway.Core.Overload;

/// <summary>The bounds of a pool's adaptive limit on waiting requests. A pool without one has no such limit.</summary>
public sealed record ConcurrencyPolicy
{
    public static ConcurrencyPolicy Default { get; } = new();

    /// <summary>The initial and lowest limit. Default 20, 1 to 100,000; a low one is cautious at the start and soon exceeded.</summary>
    public int Min { get; init; } = 20;

    /// <summary>The highest limit. Default 1,000, 1 to 100,000; at least <see cref="Min"/>.</summary>
    public int Max { get; init; } = 1000;

    /// <summary>
    /// The multiple of the usual latency that counts as healthy. Default 1.5, more than 1, up to 10; lower refuses sooner and keeps queues shorter.
    /// </summary>
    public double Tolerance { get; init; } = 1.5;

    /// <summary>Clamps a limit to the bounds, as a whole number.</summary>
    public int Bound(double limit) => Math.Clamp((int)limit, Min, Max);
}
