using System.Runtime.CompilerServices;
using Gateway.Core.Cells;

namespace Gateway.Core.Balancing;

/// <summary>The attempts in flight, for <c>least-connections</c> and <c>p2c</c>.</summary>
public readonly struct InFlightCost : ICost
{
    public static double Of(EndpointCell cell, TimeSpan now) => cell.InFlight;
}

/// <summary>
/// <c>peak-ewma</c>: the decayed peak latency times the attempts in flight including this one (Finagle). Two endpoints of weight 1,
/// one at 20 ms with 4 in flight and one at 60 ms with none: 20*5 = 100 against 60*1, so the slower one is picked.
/// </summary>
public readonly struct PeakEwmaCost : ICost
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Of(EndpointCell cell, TimeSpan now) => cell.Latency.CostAt(now) * (cell.InFlight + 1);
}

/// <summary>
/// <c>health-based</c>: the recent latency. It fades while an endpoint is idle. An endpoint never measured costs nothing, so it is
/// tried; with an attempt in flight it costs its known latency, or the seed. So a single request at a time re-examines an endpoint
/// that was slow.
/// </summary>
public readonly struct RecentLatencyCost : ICost
{
    private const float PerTau = 1 / (1000 * LatencyWord.TauSeconds);

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // Inlined: a call per endpoint would cost as much as the rest.
    public static double Of(EndpointCell cell, TimeSpan now)
    {
        var latency = cell.Latency;
        if (cell.InFlight > 0)
        {
            return latency.HasSample ? latency.Cost : LatencyWord.SeedSeconds;
        }

        // 0 without a sample, as the cost of an empty word is 0.
        return Faded(latency.Cost, latency.AgeAt(now) * PerTau);
    }

    /// <summary>
    /// Divides by the first three terms of e^x: accurate enough here and far cheaper than the exponential. 100 ms after 20 s (x = 2) is 20 ms.
    /// </summary>
    private static float Faded(float cost, float x) => cost / (1 + x + (x * x / 2));
}

/// <summary>
/// The estimated cost of sending another attempt to an endpoint; pickers prefer the lowest. Static, and implemented by structs,
/// so that each strategy gets specialized code without a call per endpoint.
/// </summary>
public interface ICost
{
    /// <returns>The cost before division by the endpoint's weight; not negative.</returns>
    static abstract double Of(EndpointCell cell, TimeSpan now);
}
