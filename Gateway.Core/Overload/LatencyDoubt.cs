namespace Gateway.Core.Overload;

/// <summary>A period of latency beyond the tolerance, with its cause still unknown: too many requests, or a slower backend.</summary>
/// <param name="Limit">The highest limit since.</param>
/// <param name="Latency">The longest latency since, in microseconds: compared with that of fewer requests.</param>
/// <param name="InFlight">The number of requests waiting then.</param>
/// <param name="Windows">The number of windows it has lasted, less those within the tolerance.</param>
public sealed record LatencyDoubt(double Limit, double Latency, double InFlight, int Windows)
{
    /// <summary>Adds a window.</summary>
    public LatencyDoubt Longer(double limit, double latency, double inFlight) => latency < Latency
        ? this with { Limit = Math.Max(Limit, limit), Windows = Windows + 1 }
        : new(Math.Max(Limit, limit), latency, inFlight, Windows + 1);

    /// <summary>Subtracts a window within the tolerance; null if the doubt is over.</summary>
    public LatencyDoubt? Shorter() => Windows > 1 ? this with { Windows = Windows - 1 } : null;
}
