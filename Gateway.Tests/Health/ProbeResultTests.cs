using Gateway.Core.Health;
using Gateway.Core.Outcomes;

namespace Gateway.Tests.Health;

public sealed class ProbeResultTests
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(5);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_probe_that_passed_was_sent_and_may_be_degraded(bool degraded)
    {
        var result = ProbeResult.Pass(Latency, degraded);
        Assert.Equal((true, true, degraded, FailureReason.None), (result.Passed, result.Sent, result.Degraded, result.Reason));
        Assert.Equal(Latency, result.Latency);
    }

    [Fact]
    public void A_probe_that_failed_was_sent_and_is_not_degraded()
    {
        var result = ProbeResult.Fail(Latency, FailureReason.Status, "503");
        Assert.Equal((false, true, false, FailureReason.Status, "503"), (result.Passed, result.Sent, result.Degraded, result.Reason, result.Detail));
        Assert.Equal(Latency, result.Latency);
    }

    [Fact]
    public void A_probe_that_could_not_be_sent_gives_no_reason_against_the_endpoint()
    {
        var result = ProbeResult.NotSent("no descriptor left");
        Assert.Equal((false, false, FailureReason.None, "no descriptor left"), (result.Passed, result.Sent, result.Reason, result.Detail));
    }
}
