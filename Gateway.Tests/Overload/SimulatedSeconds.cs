namespace Gateway.Tests.Overload;

/// <summary>What came of a simulated while.</summary>
/// <param name="Answered">In a second.</param>
/// <param name="Refused">In a second.</param>
/// <param name="Mean">Of the latencies, in milliseconds.</param>
/// <param name="P99">In milliseconds.</param>
/// <param name="LowestLimit">In this while.</param>
/// <param name="HighestLimit">In this while.</param>
internal sealed record SimulatedSeconds(double Answered, double Refused, double Mean, double P99, int LowestLimit, int HighestLimit);
