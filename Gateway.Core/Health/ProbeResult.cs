using Gateway.Core.Outcomes;

namespace Gateway.Core.Health;

/// <summary>The result of one probe.</summary>
/// <param name="Passed">Whether it passed.</param>
/// <param name="Latency">From its start to its result, including the connect.</param>
/// <param name="Degraded">Whether the answer of a passing probe said <c>X-Health: degraded</c>.</param>
/// <param name="Reason">The reason of the failure.</param>
/// <param name="Detail">The status or the error, for display.</param>
public sealed record ProbeResult(
    bool Passed, TimeSpan Latency, bool Degraded = false, FailureReason Reason = FailureReason.None, string Detail = "")
{
    /// <summary>Whether it was sent. A probe that this process could not send says nothing about the endpoint.</summary>
    public bool Sent { get; private init; } = true;

    public static ProbeResult Pass(TimeSpan latency, bool degraded = false) => new(true, latency, degraded);

    public static ProbeResult Fail(TimeSpan latency, FailureReason reason, string detail) =>
        new(false, latency, false, reason, detail);

    /// <summary>Creates the result of a probe that could not be sent, by no fault of the endpoint.</summary>
    public static ProbeResult NotSent(string detail) => new(false, TimeSpan.Zero, Detail: detail) { Sent = false };
}
