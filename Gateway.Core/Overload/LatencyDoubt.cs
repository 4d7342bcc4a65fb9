namespace Gateway.Core.Overload;

/// <summary>The latency is beyond what is tolerated, and whether for too many requests or by a slower backend is not known yet.</summary>
/// <param name="Limit">The highest limit since.</param>
/// <param name="Latency">The longest since, in microseconds: what that of fewer requests is compared with.</param>
/// <param name="InFlight">How many waited then.</param>
/// <param name="Windows">How many windows it has lasted, less those that were within what is tolerated.</param>
public sealed record LatencyDoubt(double Limit, double Latency, double InFlight, int Windows)
{
    /// <summary>With one more window.</summary>
    public LatencyDoubt Longer(double limit, double latency, double inFlight) => latency < Latency
        ? this with { Limit = Math.Max(Limit, limit), Windows = Windows + 1 }
        : new(Math.Max(Limit, limit), latency, inFlight, Windows + 1);

    /// <summary>After a window that was within what is tolerated; null: it is over.</summary>
    public LatencyDoubt? Shorter() => Windows > 1 ? this with { Windows = Windows - 1 } : null;
}
