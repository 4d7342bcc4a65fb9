using Gateway.Core.Outcomes;

namespace Gateway.Core.Health;

/// <summary>What one probe found.</summary>
/// <param name="Passed">Whether it counts as a pass.</param>
/// <param name="Latency">From its start to its result, connecting included.</param>
/// <param name="Degraded">A pass whose answer said <c>X-Health: degraded</c>.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Detail">For people: the status or the error.</param>
public sealed record ProbeResult(
    bool Passed, TimeSpan Latency, bool Degraded = false, FailureReason Reason = FailureReason.None, string Detail = "")
{
    /// <summary>Whether it was carried out. One that this process could not send says nothing of the endpoint.</summary>
    public bool Sent { get; private init; } = true;

    public static ProbeResult Pass(TimeSpan latency, bool degraded = false) => new(true, latency, degraded);

    public static ProbeResult Fail(TimeSpan latency, FailureReason reason, string detail) =>
        new(false, latency, false, reason, detail);

    /// <summary>It could not be sent, by no fault of the endpoint.</summary>
    public static ProbeResult NotSent(string detail) => new(false, TimeSpan.Zero, Detail: detail) { Sent = false };
}
