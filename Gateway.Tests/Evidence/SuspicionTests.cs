using Gateway.Core.Breaking;
using Gateway.Core.Evidence;

namespace Gateway.Tests.Evidence;

public sealed class SuspicionTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxHold = TimeSpan.FromSeconds(2);
    private static readonly EndpointEvidence Nobody = Cast.Evidence();
    private static readonly EndpointEvidence SickElsewhere = Cast.Evidence(Cast.Says(5, Cast.Sick, inMyZone: false));
    private static readonly EndpointEvidence TrippedElsewhere = Cast.Evidence(Cast.Says(5, Cast.Tripped, inMyZone: false));

    [Fact]
    public void A_new_report_holds_the_endpoint_for_as_long_as_a_probe_can_take_at_most_and_asks_for_one()
    {
        var suspicion = Hear(Suspicion.None, Nobody, SickElsewhere);
        Assert.Equal((true, true, Now + MaxHold), (suspicion.Reported, suspicion.VerificationDue, suspicion.HeldUntil!.Value));
        Assert.NotNull(suspicion.OnHoldElapsed(Now + MaxHold - TimeSpan.FromTicks(1)).HeldUntil);
        var over = suspicion.OnHoldElapsed(Now + MaxHold);
        Assert.Equal((true, null), (over.Reported, over.HeldUntil));
    }

    [Fact]
    public void The_same_report_told_again_is_not_news()
    {
        var suspicion = Hear(Suspicion.None, Nobody, SickElsewhere).OnVerifying(Now).OnProbe(passed: true);
        var again = Hear(suspicion, SickElsewhere, SickElsewhere);
        Assert.Equal((false, null), (again.VerificationDue, again.HeldUntil));
    }

    [Fact]
    public void Another_report_of_the_same_observer_is_news()
    {
        var suspicion = Hear(Suspicion.None, Nobody, SickElsewhere).OnVerifying(Now).OnProbe(passed: true);
        var news = Hear(suspicion, SickElsewhere, Cast.Evidence(Cast.Says(5, Cast.Sick, inMyZone: false, report: 2)));
        Assert.Equal((true, Now + MaxHold), (news.VerificationDue, news.HeldUntil!.Value));
    }

    [Fact]
    public void My_own_verifying_probe_ends_the_hold_and_an_ordinary_one_does_not()
    {
        var suspicion = Hear(Suspicion.None, Nobody, SickElsewhere);
        Assert.NotNull(suspicion.OnProbe(passed: true).HeldUntil);
        Assert.Null(suspicion.OnVerifying(Now).OnProbe(passed: true).HeldUntil);
    }

    [Fact]
    public void A_verifying_probe_of_my_zone_ends_the_hold_and_one_of_another_zone_does_not()
    {
        foreach (var inMyZone in (bool[])[true, false])
        {
            var unsure = Cast.Evidence(Cast.Says(2, Cast.Good, inMyZone, verified: 3), Cast.Says(5, Cast.Sick, false));
            var looked = Cast.Evidence(Cast.Says(2, Cast.Good, inMyZone, verified: 4), Cast.Says(5, Cast.Sick, false));
            var held = Hear(Suspicion.None, Nobody, unsure);
            Assert.Equal(inMyZone, Hear(held, unsure, looked).HeldUntil is null);
        }
    }

    [Fact]
    public void Only_a_verifying_probe_since_the_evidence_before_ends_the_hold_however_many_each_replica_has_completed()
    {
        var before = Cast.Evidence(Cast.Says(2, Cast.Good, verified: 3), Cast.Says(3, Cast.Good, verified: 9), Cast.Says(5, Cast.Sick, false));
        var held = Hear(Suspicion.None, Nobody, before);
        Assert.NotNull(Hear(held, before, before).HeldUntil);
        Assert.NotNull(Hear(held, before, Cast.Evidence([.. before.PeerObservations, Cast.Says(4, Cast.Good, verified: 1)])).HeldUntil);
    }

    [Fact]
    public void A_verifying_probe_ends_only_the_hold_during_which_it_began()
    {
        var verified = Hear(Suspicion.None, Nobody, SickElsewhere).OnVerifying(Now).OnProbe(passed: true);
        var again = Hear(verified, SickElsewhere, Cast.Evidence(Cast.Says(5, Cast.Sick, inMyZone: false, report: 2)));
        Assert.NotNull(again.OnProbe(passed: true).HeldUntil);
    }

    [Fact]
    public void Verification_stays_due_until_it_begins_or_nothing_is_left_to_verify()
    {
        var stalled = Suspicion.None.OnStalled(true, Now, MaxHold);
        Assert.True(Hear(stalled, Nobody, Cast.Evidence(Cast.Says(2, Cast.Good))).VerificationDue);
        var reported = Hear(Suspicion.None, Nobody, SickElsewhere);
        Assert.True(Hear(reported, SickElsewhere, SickElsewhere).VerificationDue);
        Assert.False(Hear(reported.OnVerifying(Now), SickElsewhere, SickElsewhere).VerificationDue);
        Assert.False(Hear(reported, SickElsewhere, Nobody).VerificationDue);
    }

    [Fact]
    public void A_verifying_probe_of_my_zone_that_is_bad_is_a_report_itself()
    {
        var unsure = Cast.Evidence(Cast.Says(2, Cast.Good), Cast.Says(5, Cast.Sick, false));
        var held = Hear(Suspicion.None, Nobody, unsure);
        var later = held.OnEvidence(unsure, Cast.Evidence(Cast.Says(2, Cast.Sick, report: 9, verified: 1), Cast.Says(5, Cast.Sick, false)), Now + TimeSpan.FromMilliseconds(10), MaxHold);
        Assert.Equal(Now + TimeSpan.FromMilliseconds(10) + MaxHold, later.HeldUntil);
    }

    [Fact]
    public void Three_probes_that_pass_in_a_row_dismiss_a_report_of_probes()
    {
        var suspicion = Hear(Suspicion.None, Nobody, SickElsewhere);
        Assert.True(Probes(suspicion, true, true, false, true, true).Reported);
        Assert.False(Probes(suspicion, true, true, false, true, true, true).Reported);
        Assert.False(Probes(suspicion, true).OnProven().Reported);
    }

    [Fact]
    public void Only_traffic_dismisses_a_report_of_traffic()
    {
        var suspicion = Probes(Hear(Suspicion.None, Nobody, TrippedElsewhere), true, true, true);
        Assert.True(suspicion.Reported);
        Assert.False(suspicion.NeedsProbes);
        Assert.False(suspicion.OnProven().Reported);
    }

    [Fact]
    public void Probes_are_needed_while_one_more_can_help_to_dismiss_a_report()
    {
        Assert.False(Suspicion.None.NeedsProbes);
        var sick = Hear(Suspicion.None, Nobody, SickElsewhere);
        Assert.True(Probes(sick, true, true).NeedsProbes);
        Assert.False(Probes(sick, true, true, true).NeedsProbes);
        Assert.False(Probes(sick, true).OnProven().NeedsProbes);
        var another = Hear(Probes(sick, true, true, true), SickElsewhere, Cast.Evidence(Cast.Says(5, Cast.Sick, false), Cast.Says(6, Cast.Sick, false)));
        Assert.True(another.NeedsProbes);
    }

    [Fact]
    public void A_report_is_open_by_its_observer_and_its_number_until_it_is_dismissed()
    {
        var suspicion = Hear(Suspicion.None, Nobody, Cast.Evidence(Cast.Says(5, Cast.Sick, false), Cast.Says(6, Cast.Tripped, false, report: 2)));
        Assert.True(suspicion.IsOpen(Cast.Says(5, Cast.Sick)));
        Assert.True(suspicion.IsOpen(Cast.Says(6, Cast.Tripped, report: 2)));
        Assert.False(suspicion.IsOpen(Cast.Says(5, Cast.Sick, report: 2)));
        Assert.False(suspicion.IsOpen(Cast.Says(7, Cast.Sick)));
        Assert.False(suspicion.IsOpen(Cast.Says(5, Cast.Good) with { Report = 1 })); // It has recovered: not bad any more.
        var dismissed = Probes(suspicion, true, true, true);
        Assert.Equal((false, true), (dismissed.IsOpen(Cast.Says(5, Cast.Sick)), dismissed.IsOpen(Cast.Says(6, Cast.Tripped, report: 2))));
        Assert.False(Suspicion.None.IsOpen(Cast.Says(5, Cast.Sick)));
    }

    [Fact]
    public void Nothing_is_reported_to_begin_with() => Assert.Equal((false, 0), (new Suspicion().Reported, new Suspicion().Reports.Length));

    [Fact]
    public void A_failure_of_traffic_begins_the_row_of_probes_anew()
    {
        var suspicion = Probes(Hear(Suspicion.None, Nobody, SickElsewhere), true, true).OnFailed();
        Assert.True(Probes(suspicion, true, true).Reported);
        Assert.False(Probes(suspicion, true, true, true).Reported);
    }

    [Fact]
    public void A_report_after_the_proof_is_open_and_a_mere_confirmation_is_not_a_report()
    {
        var proven = Hear(Suspicion.None, Nobody, TrippedElsewhere).OnProven();
        Assert.True(Hear(proven, TrippedElsewhere, Cast.Evidence(Cast.Says(5, Cast.Tripped, false), Cast.Says(6, Cast.Tripped, false))).Reported);
        var confirmed = Hear(proven, TrippedElsewhere, Cast.Evidence(Cast.Says(5, Cast.Tripped, false), Cast.Says(6, Cast.Tripped, false, report: 0)));
        Assert.Equal((false, 1), (confirmed.Reported, confirmed.Reports.Length));
    }

    [Fact]
    public void A_dismissed_report_stays_so_while_its_observer_has_no_other_news()
    {
        var suspicion = Hear(Suspicion.None, Nobody, TrippedElsewhere).OnProven();
        var halfOpen = Cast.Evidence(Cast.Says(5, Cast.Tripped with { Breaker = BreakerPhase.HalfOpen }, inMyZone: false));
        Assert.False(suspicion.OnEvidence(TrippedElsewhere, halfOpen, Now, MaxHold).Reported);
    }

    [Fact]
    public void Dismissing_one_report_leaves_the_others()
    {
        var both = Cast.Evidence(Cast.Says(5, Cast.Sick, false), Cast.Says(6, Cast.Tripped, false));
        var suspicion = Probes(Hear(Suspicion.None, Nobody, both), true, true, true);
        Assert.True(suspicion.Reported);
        Assert.Equal([true, false], suspicion.Reports.Select(report => report.Dismissed));
    }

    [Fact]
    public void A_stall_holds_it_as_a_report_does_whatever_others_say_meanwhile_and_its_end_ends_that()
    {
        var stalled = Suspicion.None.OnStalled(true, Now, MaxHold);
        Assert.Equal((true, false, Now + MaxHold), (stalled.VerificationDue, stalled.Reported, stalled.HeldUntil!.Value));
        Assert.Equal(stalled, stalled.OnStalled(true, Now + Now, MaxHold));
        Assert.Equal(Now + MaxHold, Hear(Hear(stalled, Nobody, SickElsewhere), SickElsewhere, Nobody).HeldUntil);
        Assert.Null(stalled.OnVerifying(Now).OnProbe(passed: true).HeldUntil);
        Assert.Equal((false, false, null), (stalled.OnStalled(false, Now, MaxHold) is var over && over.Stalled, over.VerificationDue, over.HeldUntil));
    }

    [Fact]
    public void When_nobody_reports_it_any_more_nothing_is_left()
    {
        var suspicion = Hear(Hear(Suspicion.None, Nobody, SickElsewhere), SickElsewhere, Nobody);
        Assert.Equal((false, false, null), (suspicion.Reported, suspicion.VerificationDue, suspicion.HeldUntil));
    }

    private static Suspicion Hear(Suspicion suspicion, EndpointEvidence before, EndpointEvidence now) => suspicion.OnEvidence(before, now, Now, MaxHold);

    private static Suspicion Probes(Suspicion suspicion, params bool[] passed) =>
        passed.Aggregate(suspicion, (before, pass) => before.OnProbe(pass));
}
