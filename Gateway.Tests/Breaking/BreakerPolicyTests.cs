using Gateway.Core.Breaking;
using Gateway.Core.Outcomes;

namespace Gateway.Tests.Breaking;

public sealed class BreakerPolicyTests
{
    [Fact]
    public void Without_settings_these_answers_count_as_failures_of_the_backend()
    {
        var policy = new BreakerPolicy();
        Assert.Equal([502, 503, 504], policy.FailureStatuses);
        Assert.Equal([GrpcStatus.Unavailable], policy.GrpcFailureStatuses);
    }

    [Theory]
    [InlineData(BreakerPhase.Closed, "closed")]
    [InlineData(BreakerPhase.Open, "open")]
    [InlineData(BreakerPhase.HalfOpen, "half-open")]
    public void Phases_have_these_names_in_metrics_commands_and_the_admin_api(BreakerPhase phase, string name) => Assert.Equal(name, phase.Name());
}
