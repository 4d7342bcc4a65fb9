using Gateway.Core.Breaking;
using Gateway.Core.Endpoints;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;

namespace Gateway.Tests.Endpoints;

public sealed class EndpointDecisionTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);
    private static readonly ProbeResult Pass = ProbeResult.Pass(TimeSpan.FromMilliseconds(1));
    private static readonly ProbeResult Fail = ProbeResult.Fail(TimeSpan.Zero, FailureReason.Connect, "refused");
    private static readonly EndpointStatus Healthy = EndpointDecision.OnProbe(EndpointStatus.Initial, Pass, HealthPolicy.Default, Now).Status;

    [Fact]
    public void A_trip_arms_the_break_and_is_published()
    {
        var decision = Edge(Healthy, BreakerEdge.Tripped, 1);
        Assert.Equal((BreakerPhase.Open, 1u, Now + TimeSpan.FromSeconds(10)), (decision.Status.Breaker, decision.Status.Epoch, decision.Status.BreakUntil!.Value));
        Assert.True(decision.Status.IsEjected);
        Assert.Collection(
            decision.Effects,
            e => Assert.IsType<EndpointEffect.BreakerMoved>(e),
            e => Assert.Equal(new EndpointEffect.ArmBreak(TimeSpan.FromSeconds(10), 1), e),
            e => Assert.IsType<EndpointEffect.Decided>(e),
            e => Assert.IsType<EndpointEffect.Publish>(e),
            e => Assert.IsType<EndpointEffect.ShareObservation>(e));
    }

    [Fact]
    public void A_breaker_that_is_held_open_is_ended_by_nothing_but_an_operator()
    {
        var decision = EndpointDecision.OnHold(Healthy, BreakerHold.Open);
        Assert.Equal((true, BreakerStep.ForceOpen), (decision.Status.HeldOpen, decision.Step));
        var held = EndpointDecision.OnPhase(decision.Status, BreakerPhase.Open, 1, "held", new(BreakerPolicy.Default, Now, 0.5));
        Assert.Null(held.Status.BreakUntil);
        Assert.DoesNotContain(held.Effects, effect => effect is EndpointEffect.ArmBreak);

        var sick = held.Status with { Verdict = new(Verdict.Unhealthy, 1) };
        EndpointDecision[] all =
        [
            EndpointDecision.OnBreakElapsed(held.Status, 1), EndpointDecision.OnProvenElsewhere(held.Status, Now),
            EndpointDecision.OnProbe(sick, Pass, HealthPolicy.Default, Now), EndpointDecision.OnHold(held.Status, BreakerHold.Open),
        ];
        Assert.All(all, one => Assert.Equal((BreakerStep.None, true), (one.Step, one.Status.HeldOpen)));
        Assert.Equal(BreakerStep.HalfOpen, EndpointDecision.OnHold(held.Status, BreakerHold.Auto).Step);
        Assert.Equal(BreakerStep.ForceClose, EndpointDecision.OnHold(held.Status, BreakerHold.Close).Step);
    }

    [Fact]
    public void An_edge_that_is_older_than_what_is_known_changes_nothing()
    {
        var open = Edge(Healthy, BreakerEdge.Tripped, 3).Status;
        foreach (var stale in (BreakerEdge[])[BreakerEdge.Tripped, BreakerEdge.Recovered, BreakerEdge.TrialFailed])
        {
            var decision = Edge(open, stale, 3);
            Assert.Equal(open, decision.Status);
            Assert.Empty(decision.Effects);
        }
    }

    [Fact]
    public void Epochs_are_compared_across_their_wrap_around() =>
        Assert.Equal(1u, Edge(Healthy with { Epoch = uint.MaxValue }, BreakerEdge.Tripped, 1).Status.Epoch);

    [Fact]
    public void A_verdict_that_turns_healthy_half_opens_at_once_and_forgets_the_doubling()
    {
        var sick = Edge(Healthy, BreakerEdge.Tripped, 1).Status with { Verdict = new(Verdict.Unhealthy, 1), FailedTrials = 4 };
        var decision = EndpointDecision.OnProbe(sick, Pass, HealthPolicy.Default, Now);
        Assert.Equal(BreakerStep.HalfOpen, decision.Step);
        Assert.Equal((0, Verdict.Healthy, Now), (decision.Status.FailedTrials, decision.Status.Verdict.Verdict, decision.Status.SlowStartFrom!.Value));
    }

    [Fact]
    public void While_unhealthy_a_break_that_is_over_sends_no_trial()
    {
        var sick = Edge(Healthy, BreakerEdge.Tripped, 1).Status with { Verdict = new(Verdict.Unhealthy, 0) };
        Assert.Equal(BreakerStep.None, EndpointDecision.OnBreakElapsed(sick, 1).Step);
    }

    [Fact]
    public void While_the_verdict_stays_healthy_only_the_timer_decides()
    {
        var open = Edge(Healthy, BreakerEdge.Tripped, 1).Status;
        Assert.Equal(BreakerStep.None, EndpointDecision.OnProbe(open, Pass, HealthPolicy.Default, Now).Step);
        Assert.Equal(BreakerStep.HalfOpen, EndpointDecision.OnBreakElapsed(open, 1).Step);
    }

    [Fact]
    public void A_timer_of_an_earlier_epoch_half_opens_nothing() =>
        Assert.Equal(BreakerStep.None, EndpointDecision.OnBreakElapsed(Edge(Healthy, BreakerEdge.Tripped, 5).Status, 1).Step);

    [Fact]
    public void Each_failed_trial_doubles_the_break_and_a_recovery_forgets_it()
    {
        var status = Edge(Healthy, BreakerEdge.Tripped, 1).Status;
        foreach (var (epoch, seconds) in ((uint, int)[])[(2, 20), (4, 40), (6, 80)])
        {
            status = Phase(status, BreakerPhase.HalfOpen, epoch).Status;
            var failed = Edge(status, BreakerEdge.TrialFailed, epoch + 1);
            Assert.Contains(new EndpointEffect.ArmBreak(TimeSpan.FromSeconds(seconds), epoch + 1), failed.Effects);
            status = failed.Status;
        }

        status = Edge(Phase(status, BreakerPhase.HalfOpen, 8).Status, BreakerEdge.Recovered, 9).Status;
        Assert.Equal((BreakerPhase.Closed, 0, false), (status.Breaker, status.FailedTrials, status.IsEjected));
    }

    [Fact]
    public void A_trial_that_fails_while_unhealthy_does_not_double_the_break()
    {
        var halfOpen = Healthy with { Breaker = BreakerPhase.HalfOpen, Epoch = 2, Verdict = new(Verdict.Unhealthy, 0) };
        Assert.Equal(0, Edge(halfOpen, BreakerEdge.TrialFailed, 3).Status.FailedTrials);
    }

    [Fact]
    public void A_trial_is_watched_only_in_its_own_epoch()
    {
        var halfOpen = Healthy with { Breaker = BreakerPhase.HalfOpen, Epoch = 2 };
        Assert.Collection(
            Edge(halfOpen, BreakerEdge.TrialTaken, 2).Effects,
            e => Assert.Equal(new EndpointEffect.WatchTrials(2), e),
            e => Assert.IsType<EndpointEffect.UseGrant>(e));
        Assert.Empty(Edge(halfOpen, BreakerEdge.TrialTaken, 1).Effects);
    }

    [Fact]
    public void Overdue_trials_expire_unless_they_have_reported()
    {
        Assert.True(new BreakerWord((2UL << 32) | ((ulong)BreakerPhase.HalfOpen << 30)).TryTakeTrial(BreakerPolicy.Default, out var word));
        var halfOpen = Healthy with { Breaker = BreakerPhase.HalfOpen, Epoch = 2 };
        Assert.Equal(BreakerStep.ExpireTrials, EndpointDecision.OnTrialsOverdue(halfOpen, word, 2).Step);
        var idle = word.Complete(2, true, Outcome.Ignored, BreakerPolicy.Default).Next;
        Assert.Equal(BreakerStep.None, EndpointDecision.OnTrialsOverdue(halfOpen, idle, 2).Step);
    }

    [Fact]
    public void A_probe_that_confirms_the_verdict_publishes_nothing() =>
        Assert.Empty(EndpointDecision.OnProbe(Healthy, Pass, HealthPolicy.Default, Now).Effects);

    [Fact]
    public void The_first_verdict_does_not_begin_a_slow_start() =>
        Assert.Null(EndpointDecision.OnProbe(EndpointStatus.Initial, Pass, HealthPolicy.Default, Now).Status.SlowStartFrom);

    [Fact]
    public void An_unhealthy_endpoint_cannot_be_picked_whatever_its_breaker_says() =>
        Assert.True(EndpointDecision.OnProbe(EndpointStatus.Initial, Fail, HealthPolicy.Default, Now).Status.IsEjected);

    private static EndpointDecision Edge(EndpointStatus status, BreakerEdge edge, uint epoch) =>
        EndpointDecision.OnEdge(status, new(edge, epoch, FailureReason.Reset), new(BreakerPolicy.Default, Now, 0.5));

    private static EndpointDecision Phase(EndpointStatus status, BreakerPhase phase, uint epoch) =>
        EndpointDecision.OnPhase(status, phase, epoch, "test", new(BreakerPolicy.Default, Now, 0.5));
}
