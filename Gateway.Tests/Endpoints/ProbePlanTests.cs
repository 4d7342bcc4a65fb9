using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Tests.Evidence;

namespace Gateway.Tests.Endpoints;

public sealed class ProbePlanTests
{
    private static readonly TimeSpan Now = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly HealthPolicy Policy = HealthPolicy.Default;
    private static readonly TimeSpan Fast = Policy.Interval / 5;
    private static readonly EndpointStatus Healthy = EndpointDecision.OnProbe(EndpointStatus.Initial, ProbeResult.Pass(Second), Policy, Now).Status;

    /// <summary>All attempts wait, so a probe has to verify it.</summary>
    private static readonly EndpointStatus Stalled = EndpointDecision.OnStalled(Healthy, stalled: true, Policy, Now).Status;

    /// <summary>A plan of a replica that probes, with the next one due after the interval.</summary>
    private static readonly ProbePlan Probing = ProbePlan.Idle with { Target = Policy.Probe, Due = Now + Policy.Interval, Reason = ProbeReason.Owner };

    [Fact]
    public void A_reason_to_probe_begins_with_a_probe_at_once_and_is_followed_once()
    {
        var step = ProbePlan.Idle.Follow(Healthy, Policy, Now);
        Assert.Equal([new ProbeEffect.Wait(TimeSpan.Zero)], step.Effects.AsEnumerable());
        Assert.Equal((Policy.Probe, Now), (step.Plan.Target, step.Plan.Due));
        Assert.Equal((step.Plan, 0), (step.Plan.Follow(Healthy, Policy, Now + Second).Plan, step.Plan.Follow(Healthy, Policy, Now).Effects.Length));
    }

    [Fact]
    public void Another_probe_replaces_the_last_and_the_end_of_the_reason_stops_it()
    {
        var other = Policy with { Probe = Policy.Probe with { Timeout = 2 * Policy.Probe.Timeout } };
        Assert.Equal([new ProbeEffect.Stop(Policy.Probe), new ProbeEffect.Wait(TimeSpan.Zero)], Probing.Follow(Healthy, other, Now).Effects.AsEnumerable());
        var off = Probing.Follow(Healthy with { ProbesOff = true }, Policy, Now);
        Assert.Equal([new ProbeEffect.Stop(Policy.Probe)], off.Effects.AsEnumerable());
        Assert.Null(off.Plan.Target);
        Assert.Empty(off.Plan.OnDue(Healthy, Policy, Now).Effects);
        Assert.Empty(off.Plan.OnAsked(Policy, Now).Effects);
        Assert.Empty(off.Plan.Hasten(Stalled, Policy, Now).Effects);
    }

    [Fact]
    public void A_due_probe_is_sent_and_sent_again_unless_a_result_comes()
    {
        var step = Probing.OnDue(Healthy, Policy, Now);
        var again = Policy.Probe.Timeout + Policy.Interval;
        Assert.Equal([new ProbeEffect.Send(Policy.Probe, Fast / 2, First: false), new ProbeEffect.Wait(again)], step.Effects.AsEnumerable());
        Assert.Equal((Now + again, ProbeReason.Owner), (step.Plan.Due, step.Plan.Reason));
    }

    [Fact]
    public void A_probe_that_verifies_a_report_accepts_no_older_result_and_goes_first()
    {
        var step = Probing.OnDue(Stalled, Policy, Now);
        Assert.Equal(
            [new ProbeEffect.Send(Policy.Probe, TimeSpan.Zero, First: true), new ProbeEffect.Wait(Policy.Probe.Timeout + Policy.Interval), new ProbeEffect.BeginVerification()],
            step.Effects.AsEnumerable());
        Assert.Equal(ProbeReason.Verification, step.Plan.Reason);
    }

    [Fact]
    public void Verifying_probes_are_a_fast_interval_apart()
    {
        var verified = Stalled with { Suspicion = Suspicion.None.OnVerifying(Now).OnStalled(true, Now, Second) };
        var step = Probing.OnDue(verified, Policy, Now + (Fast / 2));
        Assert.Equal(new ProbeEffect.Send(Policy.Probe, Fast / 2, First: false), step.Effects[0]);
        Assert.Equal((2, ProbeReason.Owner), (step.Effects.Length, step.Plan.Reason));
        Assert.Equal([new ProbeEffect.Wait(Fast / 2)], Probing.Hasten(verified, Policy, Now + (Fast / 2)).Effects.AsEnumerable());
    }

    [Fact]
    public void The_next_probe_is_moved_forward_to_verify_and_never_back()
    {
        var step = Probing.Hasten(Stalled, Policy, Now);
        Assert.Equal([new ProbeEffect.Wait(TimeSpan.Zero)], step.Effects.AsEnumerable());
        Assert.Equal(Now, step.Plan.Due);
        Assert.Empty(step.Plan.Hasten(Stalled, Policy, Now).Effects);
    }

    [Fact]
    public void An_operators_probe_goes_first_and_accepts_no_older_result() => Assert.Equal(
        [new ProbeEffect.Send(Policy.Probe, TimeSpan.Zero, First: true), new ProbeEffect.Wait(Policy.Probe.Timeout + Policy.Interval)],
        Probing.OnAsked(Policy, Now).Effects.AsEnumerable());

    [Fact]
    public void A_result_makes_the_verdict_last_and_the_next_probe_due()
    {
        var step = Probing.OnResult(Healthy, Policy, Now, lost: Second, unit: 0.5);
        Assert.Equal([new ProbeEffect.ExpireAfter(ProbeSchedule.LastsFor(Policy)), new ProbeEffect.Wait(Policy.Interval)], step.Effects.AsEnumerable());
        Assert.Equal((Second, Now + Policy.Interval), (step.Plan.LostBefore, step.Plan.Due));
    }

    [Fact]
    public void A_result_that_leaves_something_to_verify_is_followed_by_a_probe_at_once()
    {
        var step = Probing.OnResult(Stalled, Policy, Now, lost: TimeSpan.Zero, unit: 0.5);
        Assert.Equal([new ProbeEffect.ExpireAfter(ProbeSchedule.LastsFor(Policy)), new ProbeEffect.Wait(TimeSpan.Zero)], step.Effects.AsEnumerable());
    }

    [Fact]
    public void A_probe_that_is_due_before_a_verifying_one_may_be_sent_is_not_moved_back()
    {
        // A report that came just after a verifying probe had begun: the next may begin a fast interval later.
        var reported = Suspicion.None.OnVerifying(Now).OnEvidence(Cast.Evidence(), Cast.Evidence(Cast.Says(5, Cast.Sick, inMyZone: false)), Now, Second);
        var suspect = Healthy with { Suspicion = reported, Decision = new(DecisionKind.Suspect, DecisionReason.Reported, []) };
        Assert.Empty((Probing with { Due = Now + (Fast / 2) }).Hasten(suspect, Policy, Now).Effects);

        var soon = Probing.OnResult(suspect, Policy, Now, lost: TimeSpan.Zero, unit: 0);
        Assert.Equal([new ProbeEffect.ExpireAfter(ProbeSchedule.LastsFor(Policy)), new ProbeEffect.Wait(0.9 * Fast)], soon.Effects.AsEnumerable());
    }

    [Fact]
    public void A_stall_is_verified_once_and_then_probed_at_the_usual_interval() => // No further probe would end it.
        Assert.Equal([new ProbeEffect.Wait(Policy.Interval)], Probing.OnNotSent(Stalled, Policy, Now, unit: 0.5).Effects.AsEnumerable());

    [Fact]
    public void A_report_that_is_not_dismissed_is_probed_at_the_fast_interval()
    {
        var reported = Suspicion.None.OnEvidence(Cast.Evidence(), Cast.Evidence(Cast.Says(5, Cast.Sick, inMyZone: false)), Now, Second);
        var suspect = Healthy with { Suspicion = reported, Decision = new(DecisionKind.Suspect, DecisionReason.Reported, []) };
        Assert.Equal([new ProbeEffect.Wait(Fast)], Probing.OnNotSent(suspect, Policy, Now, unit: 0.5).Effects.AsEnumerable());
    }

    [Fact]
    public void A_probe_that_was_not_sent_is_sent_at_its_usual_time() =>
        Assert.Equal([new ProbeEffect.Wait(Policy.Interval)], Probing.OnNotSent(Healthy, Policy, Now, unit: 0.5).Effects.AsEnumerable());

    [Fact]
    public void A_verdict_expires_and_a_pause_of_the_process_extends_it()
    {
        var late = Now + ProbeSchedule.LastsFor(Policy);
        Assert.Equal([new ProbeEffect.Expire()], Probing.OnExpiry(Healthy, Policy, late, lost: TimeSpan.Zero).Effects.AsEnumerable());
        Assert.Equal([new ProbeEffect.ExpireAfter(Second)], Probing.OnExpiry(Healthy, Policy, late, lost: Second).Effects.AsEnumerable());
        Assert.Equal([new ProbeEffect.Expire()], (Probing with { LostBefore = Second }).OnExpiry(Healthy, Policy, late, lost: Second).Effects.AsEnumerable());
        Assert.Equal([new ProbeEffect.Expire()], Probing.OnExpiry(EndpointStatus.Initial, Policy, late, lost: Second).Effects.AsEnumerable());
    }

    [Fact]
    public void After_a_crash_the_verdict_keeps_its_expiry()
    {
        var step = ProbePlan.Idle.OnResumed(Healthy, Policy, Now + Second, lost: Second);
        Assert.Equal([new ProbeEffect.ExpireAfter(ProbeSchedule.LastsFor(Policy) - Second)], step.Effects.AsEnumerable());
        Assert.Equal(Second, step.Plan.LostBefore);
        Assert.Empty(ProbePlan.Idle.OnResumed(EndpointStatus.Initial, Policy, Now, lost: TimeSpan.Zero).Effects);
    }
}
