namespace Gateway.Tests.Overload;

/// <summary>The results of a simulated period.</summary>
/// <param name="Answered">Per second.</param>
/// <param name="Refused">Per second.</param>
/// <param name="Mean">The mean latency, in milliseconds.</param>
/// <param name="P99">In milliseconds.</param>
/// <param name="LowestLimit">In this period.</param>
/// <param name="HighestLimit">In this period.</param>
internal sealed record SimulatedSeconds(double Answered, double Refused, double Mean, double P99, int LowestLimit, int HighestLimit);
