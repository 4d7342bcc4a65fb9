namespace Gateway.Core.Traffic;

/// <summary>What a recent window of traffic looked like.</summary>
/// <param name="Window">How much time it covers; zero before the second sample.</param>
/// <param name="PerSecond">Attempts, or requests, a second.</param>
/// <param name="ErrorsPerSecond">Failures among them.</param>
/// <param name="RetriesPerSecond">Those followed by a further attempt.</param>
/// <param name="P50">Half were no slower; null when none ended in the window.</param>
/// <param name="P99">99 % were no slower.</param>
/// <param name="Totals">The running totals at the window's end.</param>
public sealed record TrafficRates(
    TimeSpan Window, double PerSecond, double ErrorsPerSecond, double RetriesPerSecond, TimeSpan? P50, TimeSpan? P99, TrafficTotals Totals)
{
    /// <summary>Answers a second, by the class of their status.</summary>
    public AnswerClasses Answers { get; init; }

    public static TrafficRates None { get; } = new(TimeSpan.Zero, 0, 0, 0, null, null, default);
}
