using Gateway.Core.Evidence;

namespace Gateway.Tests.Evidence;

public sealed class DecisionTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);
    private static readonly PeerOpinion Peer = new("gateway-2", Opinion.Bad, Now, "reset");

    [Theory]
    [InlineData(DecisionKind.Ejected, DecisionReason.Zone, true, false)]
    [InlineData(DecisionKind.Ejected, DecisionReason.Unknown, true, false)]
    [InlineData(DecisionKind.Ejected, DecisionReason.Outlier, false, true)]
    [InlineData(DecisionKind.Ejected, DecisionReason.OwnProbe, false, false)]
    [InlineData(DecisionKind.Ejected, DecisionReason.OwnBreaker, false, false)]
    [InlineData(DecisionKind.Available, DecisionReason.Zone, false, false)]
    [InlineData(DecisionKind.Suspect, DecisionReason.Unknown, false, false)]
    public void An_ejection_yields_to_the_cap_if_it_rests_on_reports_or_on_a_comparison(DecisionKind kind, DecisionReason reason, bool onHearsay, bool byComparison)
    {
        var decision = new Decision(kind, reason, []);
        Assert.Equal((onHearsay, byComparison, onHearsay || byComparison), (decision.IsOnHearsay, decision.IsByComparison, decision.YieldsToCap));
    }

    [Fact]
    public void It_may_be_too_early_to_decide_only_while_no_replica_of_the_zone_has_probed() => Assert.Equal(
        [DecisionReason.Unknown, DecisionReason.Unverified],
        Enum.GetValues<DecisionReason>().Where(reason => new Decision(DecisionKind.Suspect, reason, []).IsUninformed));

    [Fact]
    public void Its_text_names_the_kind_the_reason_and_the_replicas_whose_evidence_decided_with_the_age_of_that_evidence()
    {
        Assert.Equal("available (own)", new Decision(DecisionKind.Available, DecisionReason.Own, []).Describe(Now));
        Assert.Equal(
            "suspect (reported): gateway-2 bad for 3.2 s (reset)",
            new Decision(DecisionKind.Suspect, DecisionReason.Reported, [Peer]).Describe(Now + TimeSpan.FromSeconds(3.24)));
        Assert.Equal(
            "available (zone): gateway-2 bad for 0.0 s (reset), gateway-3 good for 10.0 s",
            new Decision(DecisionKind.Available, DecisionReason.Zone, [Peer, new("gateway-3", Opinion.Good, Now - TimeSpan.FromSeconds(10), "")]).Describe(Now));
    }

    [Fact]
    public void Two_decisions_are_equal_if_kind_and_reason_and_the_evidence_behind_them_are()
    {
        var decision = new Decision(DecisionKind.Suspect, DecisionReason.Reported, [Peer]);
        Assert.Equal(decision, new(DecisionKind.Suspect, DecisionReason.Reported, [Peer with { Why = "reset" }]));
        Assert.NotEqual(decision, decision with { Kind = DecisionKind.Ejected });
        Assert.NotEqual(decision, decision with { Reason = DecisionReason.Unverified });
        Assert.NotEqual(decision, decision with { PeerOpinions = [Peer with { Why = "timeout" }] });
        Assert.False(decision.Equals(null));
    }

    [Fact]
    public void The_decision_without_any_evidence_names_no_replica() => Assert.Equal("available (unknown)", Decision.Initial.Describe(Now));
}
