namespace Gateway.Core.Overload;

/// <summary>The requests answered within one window of time.</summary>
/// <param name="Samples">The number of requests.</param>
/// <param name="Latency">Their mean latency, in microseconds.</param>
/// <param name="InFlight">
/// The mean number of requests waiting when one of them began, itself included.
/// </param>
public readonly record struct LatencyWindow(long Samples, double Latency, double InFlight);
