using CsCheck;
using Gateway.Core.Breaking;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;
using Gateway.Core.Outliers;

namespace Gateway.Tests.Endpoints;

public sealed class OutlierDecisionTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);
    private static readonly ProbeResult Pass = ProbeResult.Pass(TimeSpan.FromMilliseconds(1));
    private static readonly ProbeResult Fail = ProbeResult.Fail(TimeSpan.Zero, FailureReason.Connect, "refused");
    private static readonly EndpointStatus Healthy = EndpointDecision.OnProbe(EndpointStatus.Initial, Pass, HealthPolicy.Default, Now).Status;

    [Fact]
    public void An_outlier_is_ejected_published_and_told_to_nobody()
    {
        var decision = Eject(Healthy);
        Assert.Equal((DecisionKind.Ejected, DecisionReason.Outlier), (decision.Status.Decision.Kind, decision.Status.Decision.Reason));
        Assert.Equal(new OutlierRecord(Now + TimeSpan.FromSeconds(30), 1, "bad"), decision.Status.Outlier);
        Assert.Collection(
            decision.Effects,
            e => Assert.Equal(new EndpointEffect.ArmOutlier(Now + TimeSpan.FromSeconds(30)), e),
            e => Assert.IsType<EndpointEffect.Decided>(e),
            e => Assert.IsType<EndpointEffect.Publish>(e));
        Assert.Equal(Healthy.Observation, decision.Status.Observation);
    }

    [Fact]
    public void It_comes_back_when_its_time_is_over_and_not_before_with_a_weight_that_rises()
    {
        var ejected = Eject(Healthy).Status;
        var early = OutlierDecision.OnElapsed(ejected, Now + TimeSpan.FromSeconds(29), wasOut: true);
        Assert.Equal((ejected, 0), (early.Status, early.Effects.Length));

        var back = Now + TimeSpan.FromSeconds(30);
        var decision = OutlierDecision.OnElapsed(ejected, back, wasOut: true);
        Assert.False(decision.Status.IsEjected);
        Assert.Equal((1, back, back), (decision.Status.Outlier.Times, decision.Status.EasedFrom!.Value, decision.Status.SlowStartFrom!.Value));
        Assert.Contains(decision.Effects, e => e is EndpointEffect.ArmEase);
        Assert.Contains(decision.Effects, e => e is EndpointEffect.Publish);
    }

    [Fact]
    public void Each_ejection_is_longer_and_each_good_interval_makes_up_for_one()
    {
        var status = Healthy;
        for (var times = 1; times <= 3; times++)
        {
            status = Eject(status).Status;
            Assert.Equal(Now + TimeSpan.FromSeconds(30 * times), status.Outlier.Until);
            Assert.Equal(status, OutlierDecision.OnNoOutlier(status).Status);
            status = OutlierDecision.OnElapsed(status, Now + TimeSpan.FromHours(1), wasOut: true).Status;
        }

        status = OutlierDecision.OnNoOutlier(OutlierDecision.OnNoOutlier(status).Status).Status;
        Assert.Equal(Now + TimeSpan.FromSeconds(60), Eject(status).Status.Outlier.Until);
        Assert.Equal(0, OutlierDecision.OnNoOutlier(OutlierDecision.OnNoOutlier(status).Status).Status.Outlier.Times);
    }

    [Fact]
    public void One_that_is_out_is_not_ejected_again()
    {
        var ejected = Eject(Healthy).Status;
        var again = OutlierDecision.OnOutlier(ejected, "again", OutlierPolicy.Default, Now + TimeSpan.FromSeconds(5), 0.5);
        Assert.Equal((ejected, 0), (again.Status, again.Effects.Length));
    }

    [Fact]
    public void Turned_off_it_brings_everyone_back_and_forgets()
    {
        var decision = OutlierDecision.OnOff(Eject(Healthy).Status, Now, wasOut: true);
        Assert.Equal((OutlierRecord.Clean, false), (decision.Status.Outlier, decision.Status.IsEjected));
        Assert.Empty(OutlierDecision.OnOff(decision.Status, Now, wasOut: false).Effects);
    }

    [Fact]
    public void Turned_off_it_does_not_slow_the_start_of_one_that_was_out_for_another_reason()
    {
        var status = OutlierDecision.OnOff(Healthy with { Outlier = new(null, 2, "bad") }, Now, wasOut: true).Status;
        Assert.Equal((OutlierRecord.Clean, null, null), (status.Outlier, status.SlowStartFrom, status.EasedFrom));
    }

    [Fact]
    public void A_good_interval_is_noted_and_told_to_nobody()
    {
        var decision = OutlierDecision.OnNoOutlier(Healthy with { Outlier = new(null, 2, "bad") });
        Assert.Equal((1, 0), (decision.Status.Outlier.Times, decision.Effects.Length));
    }

    [Fact]
    public void One_that_the_cap_kept_in_goes_on_with_its_weight_when_its_time_is_over()
    {
        var ejected = Eject(Healthy).Status;
        var over = OutlierDecision.OnElapsed(ejected, Now + TimeSpan.FromSeconds(30), wasOut: false).Status;
        Assert.False(over.IsEjected);
        Assert.Equal((ejected.EasedFrom, ejected.SlowStartFrom), (over.EasedFrom, over.SlowStartFrom));
    }

    [Fact]
    public void Failed_probes_and_a_tripped_breaker_have_the_first_word_and_its_time_runs_on()
    {
        var ejected = Eject(Healthy).Status;
        var tripped = EndpointDecision.OnEdge(ejected, new(BreakerEdge.Tripped, 1, FailureReason.Reset), new(BreakerPolicy.Default, Now, 0.5)).Status;
        Assert.Equal(DecisionReason.OwnBreaker, tripped.Decision.Reason);
        Assert.Equal(ejected.Outlier, tripped.Outlier);

        var closed = EndpointDecision.OnPhase(tripped, BreakerPhase.Closed, 2, "closed", new(BreakerPolicy.Default, Now, 0.5)).Status;
        Assert.Equal(DecisionReason.Outlier, closed.Decision.Reason);

        var over = OutlierDecision.OnElapsed(tripped, Now + TimeSpan.FromMinutes(1), wasOut: true).Status;
        Assert.Equal((DecisionReason.OwnBreaker, null), (over.Decision.Reason, over.EasedFrom));
    }

    [Fact]
    public void An_ejection_is_not_what_a_replica_goes_on_with_when_nobody_knows_anything()
    {
        var status = OutlierDecision.OnElapsed(Eject(EndpointStatus.Initial).Status, Now + TimeSpan.FromMinutes(1), wasOut: true).Status;
        Assert.Equal((DecisionKind.Available, DecisionReason.Unknown), (status.Decision.Kind, status.Decision.Reason));
    }

    /// <summary>
    /// Judgements, probes, trips and times in any order: it is ejected as an outlier exactly while its time runs, and never longer than the maximum.
    /// </summary>
    [Fact]
    public void Whatever_comes_in_whatever_order_it_is_out_as_long_as_its_time_runs_and_not_longer() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 60]).Array[1, 60].Sample(steps =>
        {
            var (status, now, epoch) = (EndpointStatus.Initial, Now, 0u);
            foreach (var (what, seconds) in steps)
            {
                now += TimeSpan.FromSeconds(seconds);

                // The timer fires before events at the same time or later.
                status = OutlierDecision.OnElapsed(status, now, wasOut: true).Status;
                var before = status.Outlier;
                status = (what switch
                {
                    0 or 1 => OutlierDecision.OnOutlier(status, "bad", OutlierPolicy.Default, now, seconds / 60d),
                    2 or 3 => OutlierDecision.OnNoOutlier(status),
                    4 => EndpointDecision.OnProbe(status, Pass, HealthPolicy.Default, now),
                    5 => EndpointDecision.OnProbe(status, Fail, HealthPolicy.Default, now),
                    6 => EndpointDecision.OnPhase(status, BreakerPhase.Open, ++epoch, "trip", new(BreakerPolicy.Default, now, 0.5)),
                    _ => EndpointDecision.OnPhase(status, BreakerPhase.Closed, ++epoch, "closed", new(BreakerPolicy.Default, now, 0.5)),
                }).Status;

                Assert.Equal(
                    status.Outlier.IsOut && status.Breaker == BreakerPhase.Closed && status.Verdict.Verdict != Verdict.Unhealthy,
                    status.Decision.IsByComparison);
                Assert.InRange(status.Outlier.Times - before.Times, -1, 1);
                Assert.True(status.Outlier.Times >= (status.Outlier.IsOut ? 1 : 0));
                Assert.True(status.Outlier.Until is not { } until || (until > now && until - now <= 1.1 * OutlierPolicy.Default.MaxEjection));
            }
        });

    private static EndpointDecision Eject(EndpointStatus status) => OutlierDecision.OnOutlier(status, "bad", OutlierPolicy.Default, Now, 0.5);
}
