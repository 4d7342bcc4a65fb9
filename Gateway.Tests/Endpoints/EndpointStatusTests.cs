using Gateway.Core.Breaking;
using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;
using Gateway.Core.Pools;

namespace Gateway.Tests.Endpoints;

/// <summary>What follows from an endpoint's status alone.</summary>
public sealed class EndpointStatusTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);
    private static readonly ProbeResult Pass = ProbeResult.Pass(TimeSpan.FromMilliseconds(1));
    private static readonly ProbeResult Fail = ProbeResult.Fail(TimeSpan.Zero, FailureReason.Connect, "refused");
    private static readonly EndpointStatus Healthy = Probe(EndpointStatus.Initial, Pass);
    private static readonly EndpointEvidence NotOwner = new(Owner: false, []);

    [Fact]
    public void An_owner_probes_another_replica_only_while_nobody_knows_and_nobody_where_probes_are_off()
    {
        Assert.Equal(ProbeReason.Owner, EndpointStatus.Initial.Duty);
        var other = EndpointDecision.OnEvidence(EndpointStatus.Initial, NotOwner, HealthPolicy.Default, Now).Status;
        Assert.Equal(ProbeReason.Unknown, other.Duty);
        var off = EndpointDecision.OnConfigured(EndpointStatus.Initial, new() { Probe = new() { Kind = ProbeKind.None } });
        Assert.Equal((ProbeReason.None, true), (off.Status.Duty, off.Status.ProbesOff));
        Assert.Contains(off.Effects, effect => effect is EndpointEffect.ChangeDuty);
        Assert.False(EndpointDecision.OnConfigured(off.Status, HealthPolicy.Default).Status.ProbesOff);
    }

    [Fact]
    public void A_verdict_that_has_begun_to_turn_is_completed_and_then_left_to_the_owners()
    {
        var turning = Probe(Healthy with { Evidence = NotOwner }, Fail);
        Assert.True(turning.Verdict.InTransition);
        Assert.Equal(ProbeReason.Unknown, turning.Duty);
        Assert.Equal(ProbeReason.None, Probe(turning, Pass).Duty);
    }

    [Fact]
    public void A_verdict_expires_and_says_why_and_one_that_is_unknown_does_not()
    {
        var expired = EndpointDecision.OnVerdictExpired(Healthy);
        Assert.Equal((Verdict.Unknown, "no probe completed in time"), (expired.Status.Verdict.Verdict, expired.Status.Why));
        Assert.Contains(new EndpointEffect.VerdictChanged(Verdict.Healthy, Verdict.Unknown, "no probe completed in time"), expired.Effects);
        Assert.Contains(expired.Effects, effect => effect is EndpointEffect.ShareObservation);
        Assert.Equal((EndpointStatus.Initial, 0), (EndpointDecision.OnVerdictExpired(EndpointStatus.Initial).Status, EndpointDecision.OnVerdictExpired(EndpointStatus.Initial).Effects.Length));
    }

    [Fact]
    public void One_whose_verdict_expired_begins_from_the_decision_that_was_settled()
    {
        var sick = Probe(EndpointStatus.Initial, Fail);
        var ejected = EndpointDecision.OnVerdictExpired(sick).Status;
        Assert.Equal(Verdict.Unhealthy, Probe(ejected, Pass).Verdict.Verdict); // Two passes are needed, as before.
        var available = EndpointDecision.OnVerdictExpired(Healthy).Status;
        Assert.Equal(Verdict.Healthy, Probe(available, Fail).Verdict.Verdict); // And here three failures.
    }

    [Theory]
    [InlineData(true, "", "probe passed")]
    [InlineData(false, "refused", "probe failed: refused")]
    [InlineData(false, "", "probe failed: Connect")]
    public void A_verdict_says_why_it_turned(bool passed, string detail, string why)
    {
        var result = passed ? Pass : ProbeResult.Fail(TimeSpan.Zero, FailureReason.Connect, detail);
        Assert.Equal(why, Probe(EndpointStatus.Initial, result).Why);
    }

    [Fact]
    public void One_of_which_nothing_is_known_has_nothing_to_say() => Assert.Empty(new EndpointStatus().Why);

    [Fact]
    public void A_probe_is_remembered_with_its_time()
    {
        Assert.Equal((Pass, Now), (Healthy.LastProbe, Healthy.LastProbeAt!.Value));
        Assert.Equal(0, Healthy.Verified);
    }

    [Fact]
    public void One_that_recovers_from_unhealthy_starts_slowly_and_one_that_was_degraded_does_not()
    {
        var sick = Probe(EndpointStatus.Initial, Fail);
        Assert.Equal(Now, Probe(Probe(sick, Pass), Pass).SlowStartFrom);
        var degraded = Probe(Healthy, ProbeResult.Pass(TimeSpan.Zero, degraded: true));
        Assert.Equal(Verdict.Degraded, degraded.Verdict.Verdict);
        Assert.Null(Probe(degraded, Pass).SlowStartFrom);
    }

    [Fact]
    public void Its_claim_on_the_pool_follows_from_the_decision()
    {
        Assert.Equal(new Claim(Standing.In, IsHearsay: false, Standing.Held), Claim(Healthy, Standing.Held));
        Assert.Equal(new Claim(Standing.Out, IsHearsay: false, Standing.In), Claim(Healthy, draining: true));
        Assert.Equal(new Claim(Standing.Out, IsHearsay: false, Standing.In), Claim(Decided(DecisionKind.Ejected, DecisionReason.OwnProbe)));
        Assert.Equal(new Claim(Standing.Out, IsHearsay: true, Standing.In), Claim(Decided(DecisionKind.Ejected, DecisionReason.Zone)));
        Assert.Equal(
            new Claim(Standing.Out, IsHearsay: false, Standing.In, IsOutlier: true), Claim(Decided(DecisionKind.Ejected, DecisionReason.Outlier)));
        Assert.Equal(
            new Claim(Standing.In, IsHearsay: false, Standing.In, Restricted: true), Claim(Decided(DecisionKind.TrialsOnly, DecisionReason.Trial)));
    }

    [Fact]
    public void Traffic_is_doubted_on_hearsay_and_on_probation()
    {
        Assert.False(Healthy.DoubtsTraffic);
        Assert.True((Healthy with { OnProbation = true }).DoubtsTraffic);
        Assert.False((Healthy with { OnProbation = true }).IsDoubted);
        Assert.True(Decided(DecisionKind.Suspect, DecisionReason.Reported).IsDoubted);
        Assert.True(Decided(DecisionKind.Suspect, DecisionReason.Reported).DoubtsByHearsay);
        Assert.False(Decided(DecisionKind.Suspect, DecisionReason.Stalled).DoubtsByHearsay);
        Assert.True(Decided(DecisionKind.Ejected, DecisionReason.Zone).IsDoubted);
        Assert.False(Decided(DecisionKind.Ejected, DecisionReason.OwnProbe).IsDoubted);
        Assert.False(Decided(DecisionKind.Ejected, DecisionReason.Outlier).IsDoubted);
    }

    [Fact]
    public void It_looks_like_another_unless_others_could_see_a_difference()
    {
        Assert.True(Healthy.LooksLike(Healthy with { Why = "another", FailedTrials = 3 }));
        Assert.False(Healthy.LooksLike(Healthy with { Breaker = BreakerPhase.Open }));
        Assert.False(Healthy.LooksLike(Healthy with { Evidence = NotOwner }));
        Assert.False(Healthy.LooksLike(Decided(DecisionKind.Suspect, DecisionReason.Reported)));
    }

    private static Claim Claim(EndpointStatus status, Standing now = Standing.In, bool draining = false)
    {
        var id = TestEndpoints.Id(1);
        var endpoint = new Endpoint(new EndpointCell(id, BreakerPolicy.Default, maxInFlight: 1));
        return new PoolMember(endpoint, new EndpointSettings(id.Address) { Draining = draining }, now).ClaimOf(status);
    }

    private static EndpointStatus Decided(DecisionKind kind, DecisionReason reason) => Healthy with { Decision = new(kind, reason, []) };

    private static EndpointStatus Probe(EndpointStatus status, ProbeResult result) => EndpointDecision.OnProbe(status, result, HealthPolicy.Default, Now).Status;
}
