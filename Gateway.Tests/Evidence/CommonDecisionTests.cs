using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;

namespace Gateway.Tests.Evidence;

public sealed class CommonDecisionTests
{
    private static readonly Observation Good = new(Verdict.Healthy, BreakerPhase.Closed);
    private static readonly Observation Bad = new(Verdict.Unhealthy, BreakerPhase.Closed);
    private static readonly Observation Tripped = new(Verdict.Healthy, BreakerPhase.Open);
    private static readonly Observation Unprobed = new(Verdict.Unknown, BreakerPhase.Closed);

    [Fact]
    public void A_gateways_own_probes_and_breaker_come_first()
    {
        Assert.Equal(DecisionKind.Ejected, CommonDecision.Of(Bad, [(Good, true)]));
        Assert.Equal(DecisionKind.Ejected, CommonDecision.Of(Tripped, [(Good, true)]));
        Assert.Equal(DecisionKind.TrialsOnly, CommonDecision.Of(new(Verdict.Healthy, BreakerPhase.HalfOpen), []));
        Assert.Equal(DecisionKind.Available, CommonDecision.Of(Good, [(Good, true)]));
    }

    [Fact]
    public void Another_ones_bad_news_make_it_suspect_from_any_zone()
    {
        Assert.Equal(DecisionKind.Suspect, CommonDecision.Of(Good, [(Bad, false)]));
        Assert.Equal(DecisionKind.Suspect, CommonDecision.Of(Good, [(Tripped, true)]));
    }

    [Fact]
    public void Without_probes_of_its_own_it_follows_two_of_its_zone_that_are_more_than_the_others_there()
    {
        Assert.Equal(DecisionKind.Ejected, CommonDecision.Of(Unprobed, [(Bad, true), (Bad, true), (Good, true)]));
        Assert.Equal(DecisionKind.Suspect, CommonDecision.Of(Unprobed, [(Bad, true), (Bad, true), (Good, true), (Good, true)]));
        Assert.Equal(DecisionKind.Suspect, CommonDecision.Of(Unprobed, [(Bad, false), (Bad, false)]));
        Assert.Equal(DecisionKind.Available, CommonDecision.Of(Unprobed, []));
    }
}
