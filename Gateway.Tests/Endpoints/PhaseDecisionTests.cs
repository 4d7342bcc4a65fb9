using Gateway.Core.Breaking;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Grants;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;
using Gateway.Tests.Evidence;

namespace Gateway.Tests.Endpoints;

/// <summary>What a phase of the breaker, and an operator's hold on it, end and keep.</summary>
public sealed class PhaseDecisionTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);
    private static readonly HealthPolicy Policy = HealthPolicy.Default;
    private static readonly ProbeResult Pass = ProbeResult.Pass(TimeSpan.FromMilliseconds(1));
    private static readonly ProbeResult Fail = ProbeResult.Fail(TimeSpan.Zero, FailureReason.Connect, "refused");
    private static readonly EndpointStatus Healthy = EndpointDecision.OnProbe(EndpointStatus.Initial, Pass, Policy, Now).Status;
    private static readonly EndpointStatus Reported = EndpointDecision.OnEvidence(Healthy, Cast.Evidence(Cast.Says(2, Cast.Tripped)), Policy, Now).Status;
    private static readonly EndpointStatus Open = Phase(Healthy, BreakerPhase.Open, 1).Status;
    private static readonly EndpointStatus HalfOpen = Phase(Open, BreakerPhase.HalfOpen, 2).Status;
    private static readonly EndpointStatus InTurn = HalfOpen with { InTurn = true };

    [Fact]
    public void A_half_open_breaker_has_no_break_any_more()
    {
        var decision = Phase(Open, BreakerPhase.HalfOpen, 2);
        Assert.Contains(new EndpointEffect.DisarmBreak(), decision.Effects);
        Assert.Null(decision.Status.BreakUntil);
    }

    [Fact]
    public void A_turn_lasts_no_longer_than_the_phase()
    {
        Assert.False(Edge(InTurn, BreakerEdge.TrialFailed, 3).Status.InTurn);
        Assert.False(Edge(InTurn, BreakerEdge.Recovered, 3).Status.InTurn);
    }

    [Fact]
    public void A_breaker_closed_on_anothers_trial_is_on_probation_until_it_opens()
    {
        var elsewhere = EndpointDecision.OnProvenElsewhere(HalfOpen, Now).Status;
        var closed = Phase(elsewhere, BreakerPhase.Closed, 3).Status;
        Assert.True(closed.OnProbation);
        Assert.False(Phase(closed, BreakerPhase.Open, 4).Status.OnProbation);
        Assert.False(Edge(HalfOpen, BreakerEdge.Recovered, 3).Status.OnProbation);
    }

    [Fact]
    public void A_trip_on_hearsay_is_not_news_until_a_trial_has_failed_here_or_the_breaker_closed()
    {
        var tripped = Edge(Reported, BreakerEdge.TrippedInDoubt, 1).Status;
        Assert.True(tripped.Confirms);
        var halfOpen = Phase(tripped, BreakerPhase.HalfOpen, 2).Status;
        Assert.True(halfOpen.Confirms);
        Assert.False(Edge(halfOpen, BreakerEdge.TrialFailed, 3).Status.Confirms);
        Assert.False(Edge(halfOpen, BreakerEdge.Recovered, 3).Status.Confirms);
        Assert.False(HalfOpen.Confirms); // This one had tripped on its own failures.
    }

    [Fact]
    public void Probes_passed_before_a_trip_do_not_speak_against_a_report_and_a_break_that_ends_changes_nothing_in_that()
    {
        var passed = EndpointDecision.OnProbe(Reported, Pass, Policy, Now).Status;
        Assert.Equal(1, Assert.Single(passed.Suspicion.Reports).Probes);
        var open = Phase(passed, BreakerPhase.Open, 1).Status;
        Assert.Equal(0, Assert.Single(open.Suspicion.Reports).Probes);
        var again = EndpointDecision.OnProbe(open, Pass, Policy, Now).Status;
        Assert.Equal(1, Assert.Single(Phase(again, BreakerPhase.HalfOpen, 2).Status.Suspicion.Reports).Probes);
    }

    [Fact]
    public void A_verdict_that_goes_from_degraded_to_healthy_leaves_the_break_to_its_timer()
    {
        var degraded = Open with { Verdict = new(Verdict.Degraded, 0), FailedTrials = 2 };
        var decision = EndpointDecision.OnProbe(degraded, Pass, Policy, Now);
        Assert.Equal((Verdict.Healthy, BreakerStep.None, 2), (decision.Status.Verdict.Verdict, decision.Step, decision.Status.FailedTrials));
    }

    [Fact]
    public void A_verdict_that_turns_healthy_moves_no_breaker_that_is_closed()
    {
        var sick = Healthy with { Verdict = new(Verdict.Unhealthy, 1) };
        var decision = EndpointDecision.OnProbe(sick, Pass, Policy, Now);
        Assert.Equal((Verdict.Healthy, BreakerStep.None), (decision.Status.Verdict.Verdict, decision.Step));
    }

    [Theory]
    [InlineData(FailureReason.Reset, ": Reset")]
    [InlineData(FailureReason.None, "")]
    public void The_log_says_why_so_few_failures_tripped_the_breaker(FailureReason reason, string last)
    {
        var stalled = EndpointDecision.OnStalled(Healthy, stalled: true, Policy, Now).Status;
        Assert.Equal($"failed as other replicas had reported{last}", Why(Reported));
        Assert.Equal($"failed while other attempts waited{last}", Why(stalled));
        Assert.Equal($"failed after another replica's trial had succeeded{last}", Why(Healthy with { OnProbation = true }));

        string Why(EndpointStatus status) => EndpointDecision.OnEdge(status, new(BreakerEdge.TrippedInDoubt, 1, reason), new(BreakerPolicy.Default, Now, 0.5)).Status.Why;
    }

    [Theory]
    [InlineData(BreakerHold.Open, BreakerStep.ForceOpen)]
    [InlineData(BreakerHold.Close, BreakerStep.ForceClose)]
    public void An_operators_hold_gives_the_turn_back(BreakerHold hold, BreakerStep step)
    {
        var decision = EndpointDecision.OnHold(InTurn, hold);
        Assert.Equal((step, false, hold == BreakerHold.Open), (decision.Step, decision.Status.InTurn, decision.Status.HeldOpen));
        Assert.Contains(new EndpointEffect.EndTrials(GrantEnd.Returned), decision.Effects);
        Assert.Empty(EndpointDecision.OnHold(HalfOpen, hold).Effects); // It had none.
    }

    [Fact]
    public void An_operator_who_closes_it_ends_the_hold() =>
        Assert.False(EndpointDecision.OnHold(Open with { HeldOpen = true }, BreakerHold.Close).Status.HeldOpen);

    [Fact]
    public void An_operator_who_holds_nothing_leaves_a_break_to_its_timer()
    {
        var decision = EndpointDecision.OnHold(Open, BreakerHold.Auto);
        Assert.Equal((BreakerStep.None, false, Open.BreakUntil), (decision.Step, decision.Status.HeldOpen, decision.Status.BreakUntil));
    }

    [Fact]
    public void Late_or_known_news_changes_nothing_and_asks_for_nothing()
    {
        var sick = Open with { Verdict = new(Verdict.Unhealthy, 0), BreakUntil = null };
        (EndpointStatus Before, EndpointDecision After)[] all =
        [
            (Open, Phase(Open, BreakerPhase.HalfOpen, 1)),
            (HalfOpen, EndpointDecision.OnBreakElapsed(HalfOpen, 2)),
            (sick, EndpointDecision.OnBreakElapsed(sick, 1)),
            (HalfOpen, EndpointDecision.OnGrantUnused(HalfOpen, 2)),
            (Healthy, EndpointDecision.OnProvenElsewhere(Healthy, Now)),
            (HalfOpen, EndpointDecision.OnTrialsOverdue(HalfOpen, BreakerWord.Initial, 2)),
            (HalfOpen, EndpointDecision.OnSample(HalfOpen, FailureWindow.Empty, 0, 0, BreakerPolicy.Default, Now).Decision),
        ];
        Assert.All(all, one => Assert.Equal((one.Before, BreakerStep.None, 0), (one.After.Status, one.After.Step, one.After.Effects.Length)));
    }

    [Fact]
    public void One_failed_probe_is_enough_for_an_outlier_that_is_reported_or_stalled_too()
    {
        var outlier = Healthy with { Decision = new(DecisionKind.Ejected, DecisionReason.Outlier, []) };
        Assert.Equal(Verdict.Healthy, Probed(outlier));
        Assert.Equal(Verdict.Unhealthy, Probed(outlier with { Suspicion = Reported.Suspicion }));
        Assert.Equal(Verdict.Unhealthy, Probed(outlier with { Suspicion = Suspicion.None.OnStalled(true, Now, Now) }));

        static Verdict Probed(EndpointStatus status) => EndpointDecision.OnProbe(status, Fail, Policy, Now).Status.Verdict.Verdict;
    }

    private static EndpointDecision Edge(EndpointStatus status, BreakerEdge edge, uint epoch) =>
        EndpointDecision.OnEdge(status, new(edge, epoch, FailureReason.Reset), new(BreakerPolicy.Default, Now, 0.5));

    private static EndpointDecision Phase(EndpointStatus status, BreakerPhase phase, uint epoch) =>
        EndpointDecision.OnPhase(status, phase, epoch, "test", new(BreakerPolicy.Default, Now, 0.5));
}
