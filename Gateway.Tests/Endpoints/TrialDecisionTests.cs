using Gateway.Core.Breaking;
using Gateway.Core.Endpoints;
using Gateway.Core.Grants;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;

namespace Gateway.Tests.Endpoints;

/// <summary>What an endpoint makes of permission for its trials, and of trials elsewhere.</summary>
public sealed class TrialDecisionTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly ProbeResult Pass = ProbeResult.Pass(TimeSpan.FromMilliseconds(1));
    private static readonly EndpointStatus Healthy = EndpointDecision.OnProbe(EndpointStatus.Initial, Pass, HealthPolicy.Default, Now).Status;
    private static readonly EndpointStatus HalfOpen = Healthy with { Breaker = BreakerPhase.HalfOpen, Epoch = 2 };
    private static readonly EndpointStatus InTurn = HalfOpen with { InTurn = true };

    [Fact]
    public void A_trial_that_is_wanted_seeks_a_grant_and_one_that_ends_in_its_turn_is_watched()
    {
        Assert.Equal([new EndpointEffect.SeekGrant(2)], Edge(HalfOpen, BreakerEdge.TrialWanted, 2).Effects.AsEnumerable());
        Assert.Empty(Edge(HalfOpen, BreakerEdge.TrialWanted, 3).Effects);
        Assert.Equal([new EndpointEffect.WatchGrant(2)], Edge(InTurn, BreakerEdge.TrialEnded, 2).Effects.AsEnumerable());
        Assert.Empty(Edge(HalfOpen, BreakerEdge.TrialEnded, 2).Effects);
        Assert.Empty(Edge(InTurn, BreakerEdge.TrialEnded, 1).Effects);
    }

    [Fact]
    public void A_grant_admits_one_trial_and_is_watched_and_own_permits_admit_as_many_as_the_policy_says()
    {
        var granted = EndpointDecision.OnPermitted(HalfOpen, 2, own: false);
        Assert.Equal((BreakerStep.Grant, true), (granted.Step, granted.Status.InTurn));
        Assert.Equal([new EndpointEffect.WatchGrant(2)], granted.Effects.AsEnumerable());

        var own = EndpointDecision.OnPermitted(HalfOpen, 2, own: true);
        Assert.Equal((BreakerStep.Free, false), (own.Step, own.Status.InTurn));
        Assert.Empty(own.Effects);
    }

    [Fact]
    public void A_grant_that_comes_too_late_is_returned_at_once()
    {
        foreach (var (status, epoch) in ((EndpointStatus, uint)[])[(HalfOpen, 1), (Healthy with { Epoch = 2 }, 2), (Healthy with { Breaker = BreakerPhase.Open, Epoch = 2 }, 2)])
        {
            var late = EndpointDecision.OnPermitted(status, epoch, own: false);
            Assert.Equal((BreakerStep.None, status), (late.Step, late.Status));
            Assert.Equal([new EndpointEffect.EndTrials(GrantEnd.Returned)], late.Effects.AsEnumerable());
            Assert.Equal((BreakerStep.None, 0), (EndpointDecision.OnPermitted(status, epoch, own: true).Step, EndpointDecision.OnPermitted(status, epoch, own: true).Effects.Length));
        }
    }

    [Fact]
    public void A_grant_that_is_not_used_is_withdrawn_in_its_own_epoch_alone_and_returned()
    {
        Assert.Equal(BreakerStep.Withdraw, EndpointDecision.OnGrantUnused(InTurn, 2).Step);
        Assert.Equal(BreakerStep.None, EndpointDecision.OnGrantUnused(InTurn, 1).Step);
        Assert.Equal(BreakerStep.None, EndpointDecision.OnGrantUnused(HalfOpen, 2).Step);

        var shut = BreakerWord.Initial.ForceOpen().HalfOpen(TrialGate.Shut);
        var withdrawn = EndpointDecision.OnWithdrawn(InTurn, shut);
        Assert.False(withdrawn.Status.InTurn);
        Assert.Equal([new EndpointEffect.EndTrials(GrantEnd.Returned)], withdrawn.Effects.AsEnumerable());

        var kept = EndpointDecision.OnWithdrawn(InTurn, shut.Permit(shut.Epoch, TrialGate.Granted));
        Assert.Equal((true, 0), (kept.Status.InTurn, kept.Effects.Length));
    }

    [Fact]
    public void A_trial_that_ends_tells_how()
    {
        Assert.Contains(new EndpointEffect.EndTrials(GrantEnd.Failed), Edge(InTurn, BreakerEdge.TrialFailed, 3).Effects);
        Assert.Contains(new EndpointEffect.EndTrials(GrantEnd.Succeeded), Edge(InTurn, BreakerEdge.Recovered, 3).Effects);
        Assert.Empty(Edge(InTurn, BreakerEdge.Recovered, 2).Effects);
    }

    [Fact]
    public void Trials_that_are_lost_end_the_turn_of_the_one_that_had_it()
    {
        var granted = BreakerWord.Initial.ForceOpen().HalfOpen();
        Assert.True(granted.TryTakeTrial(BreakerPolicy.Default, out var word));
        Assert.Equal([new EndpointEffect.TrialsLost(2)], EndpointDecision.OnTrialsOverdue(HalfOpen, word, 2).Effects.AsEnumerable());
        Assert.Equal(
            [new EndpointEffect.TrialsLost(2), new EndpointEffect.EndTrials(GrantEnd.Failed)],
            EndpointDecision.OnTrialsOverdue(InTurn, word, 2).Effects.AsEnumerable());
        Assert.Equal(BreakerStep.None, EndpointDecision.OnTrialsOverdue(InTurn, word, 1).Step);
        Assert.Equal(BreakerStep.None, EndpointDecision.OnTrialsOverdue(InTurn with { Epoch = 3 }, word, 2).Step);
    }

    [Fact]
    public void A_trial_that_succeeded_elsewhere_closes_the_breaker_on_probation_with_a_weight_that_rises()
    {
        var proven = EndpointDecision.OnProvenElsewhere(InTurn, Now);
        Assert.Equal(BreakerStep.Close, proven.Step);
        Assert.Equal((Now, false, true), (proven.Status.EasedFrom!.Value, proven.Status.InTurn, proven.Status.OnProbation));
        Assert.Contains(new EndpointEffect.EndTrials(GrantEnd.Returned), proven.Effects);
        Assert.Contains(new EndpointEffect.ArmEase(Now + TimeSpan.FromSeconds(10)), proven.Effects);

        Assert.Equal(BreakerStep.None, EndpointDecision.OnProvenElsewhere(Healthy, Now).Step);
        Assert.Equal(BreakerStep.None, EndpointDecision.OnProvenElsewhere(HalfOpen with { Verdict = new(Verdict.Unhealthy, 0) }, Now).Step);
    }

    [Fact]
    public void The_weight_has_risen_after_ten_seconds_and_not_before()
    {
        var eased = Healthy with { EasedFrom = Now };
        Assert.Equal(Now, EndpointDecision.OnEased(eased, Now + TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1)).Status.EasedFrom);
        var over = EndpointDecision.OnEased(eased, Now + TimeSpan.FromSeconds(10));
        Assert.Null(over.Status.EasedFrom);
        Assert.Contains(over.Effects, effect => effect is EndpointEffect.Publish);
        Assert.Empty(EndpointDecision.OnEased(Healthy, Now).Effects);
    }

    [Fact]
    public void A_breaker_that_closes_in_its_turn_eases_and_one_without_a_turn_does_not()
    {
        Assert.Equal(Now, Edge(InTurn, BreakerEdge.Recovered, 3).Status.EasedFrom);
        Assert.Null(Edge(HalfOpen, BreakerEdge.Recovered, 3).Status.EasedFrom);
        Assert.Null(Edge(Healthy with { EasedFrom = Now }, BreakerEdge.Tripped, 1).Status.EasedFrom);
    }

    [Fact]
    public void The_failure_rate_trips_a_closed_breaker_only()
    {
        var policy = new BreakerPolicy { FailureRatePercent = 50, FailureRateMinimum = 10 };
        var (window, first) = EndpointDecision.OnSample(Healthy, FailureWindow.Empty, 0, 0, policy, TimeSpan.Zero);
        Assert.Equal(BreakerStep.None, first.Step);
        Assert.Equal(BreakerStep.Trip, EndpointDecision.OnSample(Healthy, window, 5, 5, policy, Second).Decision.Step);
        Assert.Equal(BreakerStep.None, EndpointDecision.OnSample(Healthy, window, 6, 5, policy, Second).Decision.Step);
        Assert.Equal(BreakerStep.None, EndpointDecision.OnSample(HalfOpen, window, 5, 5, policy, Second).Decision.Step);
    }

    [Fact]
    public void The_failure_rate_forgets_what_was_sampled_before_the_breaker_closed()
    {
        var policy = new BreakerPolicy { FailureRatePercent = 50, FailureRateMinimum = 10 };
        var (window, _) = EndpointDecision.OnSample(Healthy, FailureWindow.Empty, 0, 0, policy, TimeSpan.Zero);
        (window, _) = EndpointDecision.OnSample(HalfOpen, window, 0, 100, policy, Second);
        (window, var decision) = EndpointDecision.OnSample(Healthy, window, 0, 200, policy, 2 * Second);
        Assert.Equal(BreakerStep.None, decision.Step);
        Assert.Equal(BreakerStep.None, EndpointDecision.OnSample(Healthy, window, 0, 209, policy, 3 * Second).Decision.Step);
        Assert.Equal(BreakerStep.Trip, EndpointDecision.OnSample(Healthy, window, 0, 210, policy, 3 * Second).Decision.Step);
    }

    [Theory]
    [InlineData(BreakerEdge.Tripped, 1u, "consecutive failures, the last: Reset")]
    [InlineData(BreakerEdge.TrialFailed, 3u, "trial failed: Reset")]
    [InlineData(BreakerEdge.Recovered, 3u, "trial succeeded")]
    public void The_log_says_why_the_breaker_moved(BreakerEdge edge, uint epoch, string why) =>
        Assert.Equal(why, Edge(edge == BreakerEdge.Tripped ? Healthy : HalfOpen, edge, epoch).Status.Why);

    [Fact]
    public void The_detail_of_the_last_failure_is_given_if_it_belongs_to_it()
    {
        var last = new FailedAttempt(FailureReason.Connect, 0, "Connection refused", Now);
        Assert.Equal("consecutive failures, the last: Connect: Connection refused", Tripped(FailureReason.Connect));
        Assert.Equal("consecutive failures, the last: Timeout", Tripped(FailureReason.Timeout));

        string Tripped(FailureReason reason) =>
            EndpointDecision.OnEdge(Healthy, new(BreakerEdge.Tripped, 1, reason, last), new(BreakerPolicy.Default, Now, 0.5)).Status.Why;
    }

    private static EndpointDecision Edge(EndpointStatus status, BreakerEdge edge, uint epoch) =>
        EndpointDecision.OnEdge(status, new(edge, epoch, FailureReason.Reset), new(BreakerPolicy.Default, Now, 0.5));
}
