using Gateway.Core.Breaking;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;
using Gateway.Core.Outliers;
using Gateway.Tests.Evidence;

namespace Gateway.Tests.Endpoints;

/// <summary>What follows from a changed status: the decision, the doubt, the hold and the notifications.</summary>
public sealed class ConclusionTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly HealthPolicy Policy = HealthPolicy.Default;
    private static readonly ProbeResult Pass = ProbeResult.Pass(TimeSpan.FromMilliseconds(1));
    private static readonly ProbeResult Fail = ProbeResult.Fail(TimeSpan.Zero, FailureReason.Connect, "refused");
    private static readonly EndpointStatus Healthy = Probe(EndpointStatus.Initial, Pass).Status;
    private static readonly EndpointStatus Sick = Probe(EndpointStatus.Initial, Fail).Status;

    /// <summary>The evidence of an owner of which another replica reports the endpoint.</summary>
    private static readonly EndpointEvidence Report = Cast.Evidence(Cast.Says(2, Cast.Sick)) with { Owner = true };

    [Fact]
    public void A_break_that_an_unhealthy_verdict_prolonged_ends_with_the_verdict()
    {
        var open = Phase(Sick, BreakerPhase.Open, 1);
        Assert.Equal(BreakerStep.None, EndpointDecision.OnVerdictExpired(open).Step); // Its timer still runs.
        var prolonged = EndpointDecision.OnBreakElapsed(open, 1).Status;
        Assert.Null(prolonged.BreakUntil);
        Assert.Equal(BreakerStep.HalfOpen, EndpointDecision.OnVerdictExpired(prolonged).Step);
    }

    [Fact]
    public void A_verdict_is_withdrawn_once_all_owners_of_the_zone_have_theirs()
    {
        var (one, other) = (Cast.Says(2, Cast.Good, owner: true), Cast.Says(3, Cast.Good, owner: true));
        Assert.Equal(Verdict.Healthy, Evidence(Healthy, Cast.Evidence(one)).Status.Verdict.Verdict);
        Assert.Equal(Verdict.Healthy, Evidence(Healthy, Cast.Evidence(one, other) with { Owner = true }).Status.Verdict.Verdict);

        var withdrawn = Evidence(Healthy, Cast.Evidence(one, other));
        Assert.Equal((Verdict.Unknown, "probed by other replicas"), (withdrawn.Status.Verdict.Verdict, withdrawn.Status.Why));
        Assert.Contains(new EndpointEffect.VerdictChanged(Verdict.Healthy, Verdict.Unknown, "probed by other replicas"), withdrawn.Effects);
        Assert.Empty(Evidence(withdrawn.Status, Cast.Evidence(one, other)).Effects);
    }

    [Fact]
    public void Without_evidence_the_last_decision_stands_unless_probes_are_off()
    {
        var ejected = EndpointDecision.OnVerdictExpired(Sick).Status;
        Assert.Equal((DecisionKind.Ejected, DecisionReason.Unknown), (ejected.Decision.Kind, ejected.Decision.Reason));
        var off = EndpointDecision.OnConfigured(ejected, new() { Probe = new() { Kind = ProbeKind.None } }).Status;
        Assert.Equal((DecisionKind.Available, DecisionReason.Unknown), (off.Decision.Kind, off.Decision.Reason)); // No probe would ever end it.
    }

    [Fact]
    public void The_last_decision_is_one_that_neither_a_breaker_nor_a_stall_nor_a_comparison_made()
    {
        var open = Phase(Healthy, BreakerPhase.Open, 1);
        EndpointStatus[] passing =
        [
            open,
            Phase(open, BreakerPhase.HalfOpen, 2),
            EndpointDecision.OnStalled(Healthy, stalled: true, Policy, Now).Status,
            OutlierDecision.OnOutlier(Healthy, "bad", OutlierPolicy.Default, Now, 0.5).Status,
        ];
        Assert.Equal([DecisionReason.OwnBreaker, DecisionReason.Trial, DecisionReason.Stalled, DecisionReason.Outlier], passing.Select(one => one.Decision.Reason));
        Assert.All(passing, one => Assert.Equal(DecisionKind.Available, one.Settled));
    }

    [Fact]
    public void A_first_result_decides_at_once_even_if_evidence_without_an_opinion_came_before_it()
    {
        var unknown = Evidence(EndpointStatus.Initial, Cast.Evidence(Cast.Says(2, Cast.Silent))).Status;
        Assert.Equal((DecisionReason.Unknown, null), (unknown.Decision.Reason, unknown.Settled));
        Assert.Equal(Verdict.Unhealthy, Probe(unknown, Fail).Status.Verdict.Verdict);
    }

    [Fact]
    public void A_decision_of_the_zone_names_those_of_the_zone_that_have_an_opinion()
    {
        var decision = Evidence(
            EndpointStatus.Initial,
            Cast.Evidence(Cast.Says(2, Cast.Sick), Cast.Says(3, Cast.Sick), Cast.Says(4, Cast.Silent), Cast.Says(5, Cast.Sick, inMyZone: false))).Status.Decision;
        Assert.Equal((DecisionKind.Ejected, DecisionReason.Zone), (decision.Kind, decision.Reason));
        Assert.Equal([new("r2", Opinion.Bad, TimeSpan.Zero, ""), new("r3", Opinion.Bad, TimeSpan.Zero, "")], decision.PeerOpinions.AsEnumerable());
    }

    [Fact]
    public void A_decision_is_published_even_if_only_its_reason_is_new() => Assert.Contains(
        Probe(EndpointStatus.Initial, Pass).Effects,
        effect => effect is EndpointEffect.Decided { From: { Kind: DecisionKind.Available, Reason: DecisionReason.Unknown }, To: { Kind: DecisionKind.Available, Reason: DecisionReason.Own } });

    [Fact]
    public void A_report_doubts_the_traffic_holds_the_endpoint_and_is_verified_and_repeating_it_does_nothing()
    {
        var reported = Evidence(Healthy, Report);
        Assert.Contains(new EndpointEffect.DoubtTraffic(On: true), reported.Effects);
        Assert.Contains(new EndpointEffect.ArmHold(Now + ProbeSchedule.VerifiedWithin(Policy)), reported.Effects);
        Assert.Contains(new EndpointEffect.Verify(), reported.Effects);
        Assert.True(reported.Status.WantsVerification);
        Assert.Empty(EndpointDecision.OnEvidence(reported.Status, Report, Policy, Now + Second).Effects);
    }

    [Fact]
    public void A_further_report_repeats_the_doubt_and_begins_the_hold_again()
    {
        var further = EndpointDecision.OnEvidence(Evidence(Healthy, Report).Status, Cast.Evidence(Cast.Says(2, Cast.Sick, report: 2)) with { Owner = true }, Policy, Now + Second);
        Assert.Equal(
            [new EndpointEffect.DoubtTraffic(On: true), new EndpointEffect.ArmHold(Now + Second + ProbeSchedule.VerifiedWithin(Policy))],
            further.Effects.AsEnumerable());
    }

    [Fact]
    public void The_end_of_the_reports_ends_the_doubt_and_the_hold()
    {
        var over = Evidence(Evidence(Healthy, Report).Status, Cast.Evidence() with { Owner = true });
        Assert.Contains(new EndpointEffect.DoubtTraffic(On: false), over.Effects);
        Assert.Equal((false, false), (over.Status.DoubtsTraffic, over.Status.IsHeld));
    }

    [Fact]
    public void Only_a_suspect_is_held_and_only_until_the_hold_is_over()
    {
        var reported = Evidence(Healthy, Report).Status;
        Assert.True(reported.IsHeld);
        Assert.False(Phase(reported, BreakerPhase.Open, 1).IsHeld);
        var over = EndpointDecision.OnHoldElapsed(reported, Now + ProbeSchedule.VerifiedWithin(Policy)).Status;
        Assert.Equal((DecisionKind.Suspect, false), (over.Decision.Kind, over.IsHeld));
    }

    [Fact]
    public void A_verifying_probe_is_wanted_once_its_failure_ejects_at_once_and_any_result_is_sent_to_the_others()
    {
        var verifying = EndpointDecision.OnVerifying(Evidence(Healthy, Report).Status, Now).Status;
        Assert.False(verifying.WantsVerification);
        var failed = Probe(verifying, Fail);
        Assert.Equal((Verdict.Unhealthy, 1L), (failed.Status.Verdict.Verdict, failed.Status.Verified));
        Assert.Contains(new EndpointEffect.ShareObservation(), Probe(verifying, Pass).Effects); // It ends the hold elsewhere.
    }

    [Fact]
    public void A_replica_that_does_not_probe_follows_the_probes_of_its_zone()
    {
        var (bad, good) = (Cast.Evidence(Cast.Says(2, Cast.Sick)), Cast.Evidence(Cast.Says(2, Cast.Good)));
        var reported = Evidence(EndpointStatus.Initial, bad).Status;
        var open = Phase(reported, BreakerPhase.Open, 1) with { FailedTrials = 4 };

        var turned = Evidence(open, good);
        Assert.Equal((BreakerStep.HalfOpen, 0, Now), (turned.Step, turned.Status.FailedTrials, turned.Status.SlowStartFrom!.Value));
        var closed = Evidence(reported, good);
        Assert.Equal((BreakerStep.None, Now), (closed.Step, closed.Status.SlowStartFrom!.Value));
        var still = Evidence(open, Cast.Evidence(Cast.Says(2, Cast.Sick), Cast.Says(3, Cast.Sick)));
        Assert.Equal((BreakerStep.None, 4, null), (still.Step, still.Status.FailedTrials, still.Status.SlowStartFrom));
    }

    [Fact]
    public void Proof_by_traffic_dismisses_the_reports_unless_the_breaker_was_doubted_again()
    {
        var doubted = Evidence(Healthy, Report).Status with { OnProbation = true };
        var proven = EndpointDecision.OnProven(doubted, BreakerWord.Initial);
        Assert.Equal((false, false, false), (proven.Status.OnProbation, proven.Status.Suspicion.Reported, proven.Status.DoubtsTraffic));
        Assert.Contains(new EndpointEffect.DoubtTraffic(On: false), proven.Effects);

        EndpointDecision[] late = [EndpointDecision.OnProven(doubted, BreakerWord.Initial.Doubt().Next), EndpointDecision.OnProven(doubted with { Epoch = 2 }, BreakerWord.Initial)];
        Assert.All(late, one => Assert.Equal((true, true, 0), (one.Status.OnProbation, one.Status.Suspicion.Reported, one.Effects.Length)));
    }

    private static EndpointDecision Probe(EndpointStatus status, ProbeResult result) => EndpointDecision.OnProbe(status, result, Policy, Now);

    private static EndpointDecision Evidence(EndpointStatus status, EndpointEvidence evidence) => EndpointDecision.OnEvidence(status, evidence, Policy, Now);

    private static EndpointStatus Phase(EndpointStatus status, BreakerPhase phase, uint epoch) =>
        EndpointDecision.OnPhase(status, phase, epoch, "test", new(BreakerPolicy.Default, Now, 0.5)).Status;
}
