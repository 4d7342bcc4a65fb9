namespace Gateway.Core.Overload;

/// <summary>What the requests were like that were answered within one window of time.</summary>
/// <param name="Samples">How many.</param>
/// <param name="Latency">Their mean latency, in microseconds.</param>
/// <param name="InFlight">How many were waiting when one of them began, itself among them; the mean.</param>
public readonly record struct LatencyWindow(long Samples, double Latency, double InFlight);
