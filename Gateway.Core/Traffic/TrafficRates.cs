namespace Gateway.Core.Traffic;

/// <summary>Traffic rates over a recent window.</summary>
/// <param name="Window">The time covered; zero before the second sample.</param>
/// <param name="PerSecond">Attempts, or requests, per second.</param>
/// <param name="ErrorsPerSecond">Failures per second.</param>
/// <param name="RetriesPerSecond">Attempts per second that were followed by a retry.</param>
/// <param name="P50">The median latency; null if none ended in the window.</param>
/// <param name="P99">The 99th percentile of the latency.</param>
/// <param name="Totals">The running totals at the window's end.</param>
public sealed record TrafficRates(
    TimeSpan Window, double PerSecond, double ErrorsPerSecond, double RetriesPerSecond, TimeSpan? P50, TimeSpan? P99, TrafficTotals Totals)
{
    /// <summary>Answers per second, by the class of their status.</summary>
    public AnswerClasses Answers { get; init; }

    public static TrafficRates None { get; } = new(TimeSpan.Zero, 0, 0, 0, null, null, default);
}
