using System.Collections.Immutable;
using Gateway.Core.Evidence;
using Gateway.Core.Health;

namespace Gateway.Core.Endpoints;

/// <summary>
/// When this replica probes an endpoint, and when a verdict expires. Probes are sent only while there is a reason to; a verifying probe comes as soon as the fast
/// interval allows. Pure; the endpoint actor carries out the effects.
/// </summary>
/// <param name="Target">The probe in use; null while there is no reason to probe.</param>
/// <param name="Due">When the next probe is due, while there is a target.</param>
/// <param name="LostBefore">The total pause of this process at the last result.</param>
/// <param name="Reason">The reason for the current or last probe.</param>
public sealed record ProbePlan(ProbeSpec? Target, TimeSpan Due, TimeSpan LostBefore, ProbeReason Reason)
{
    public static ProbePlan Idle { get; } = new(null, TimeSpan.Zero, TimeSpan.Zero, ProbeReason.None);

    /// <summary>Starts, continues or stops probing, by the pool's settings and the replica's duty. A new probe is sent at once.</summary>
    public ProbeStep Follow(EndpointStatus status, HealthPolicy policy, TimeSpan now)
    {
        var target = status.Duty == ProbeReason.None ? null : policy.Probe;
        if (target == Target)
        {
            return new(this, []);
        }

        ImmutableArray<ProbeEffect> stop = Target is { } old ? [new ProbeEffect.Stop(old)] : [];
        var next = this with { Target = target };
        return target is null ? new(next, stop) : next.Wait(TimeSpan.Zero, now).After(stop);
    }

    /// <summary>After a crash of the actor: the verdict keeps its original expiry.</summary>
    /// <param name="lost">The total pause of this process.</param>
    public ProbeStep OnResumed(EndpointStatus status, HealthPolicy policy, TimeSpan now, TimeSpan lost) =>
        status is { LastProbeAt: { } at, Verdict.Verdict: not Verdict.Unknown }
            ? new(this with { LostBefore = lost }, [new ProbeEffect.ExpireAfter(at + ProbeSchedule.LastsFor(policy) - now)])
            : new(this, []);

    /// <summary>Handles the time at which the verdict expires. Pauses of this process do not count: they extend it.</summary>
    /// <param name="lost">The total pause of this process.</param>
    public ProbeStep OnExpiry(EndpointStatus status, HealthPolicy policy, TimeSpan now, TimeSpan lost) =>
        status.LastProbeAt is { } at && ProbeSchedule.LastsFor(policy) - (now - at) + (lost - LostBefore) is var left && left > TimeSpan.Zero
            ? new(this, [new ProbeEffect.ExpireAfter(left)])
            : new(this, [new ProbeEffect.Expire()]);

    /// <summary>Moves the next probe forward to verify a report, if the fast interval allows.</summary>
    public ProbeStep Hasten(EndpointStatus status, HealthPolicy policy, TimeSpan now)
    {
        var after = ProbeSchedule.VerifyIn(policy, status.Suspicion.VerifiedAt, now);
        return Target is not null && now + after < Due ? Wait(after, now) : new(this, []);
    }

    /// <summary>Handles the time at which the next probe is due. If no result comes, because a queue is full or the prober restarted, it is sent again.</summary>
    public ProbeStep OnDue(EndpointStatus status, HealthPolicy policy, TimeSpan now)
    {
        if (Target is null)
        {
            return new(this, []);
        }

        // A result from before a report does not verify it.
        var verifies = status.WantsVerification && ProbeSchedule.VerifyIn(policy, status.Suspicion.VerifiedAt, now) == TimeSpan.Zero;
        var next = this with { Reason = verifies ? ProbeReason.Verification : status.Duty };
        var step = next.Send(verifies ? TimeSpan.Zero : ProbeSchedule.FreshFor(policy), verifies, policy, now);
        return verifies ? step with { Effects = step.Effects.Add(new ProbeEffect.BeginVerification()) } : step;
    }

    /// <summary>Probes now, however recent the last result is: an operator waits for it. Does nothing if this replica does not probe the endpoint.</summary>
    public ProbeStep OnAsked(HealthPolicy policy, TimeSpan now) => Target is null ? new(this, []) : Send(TimeSpan.Zero, first: true, policy, now);

    /// <summary>Handles a result that the status has taken into account.</summary>
    /// <param name="lost">The total pause of this process.</param>
    /// <param name="unit">A random number in [0, 1).</param>
    public ProbeStep OnResult(EndpointStatus status, HealthPolicy policy, TimeSpan now, TimeSpan lost, double unit)
    {
        ImmutableArray<ProbeEffect> expiry = [new ProbeEffect.ExpireAfter(ProbeSchedule.LastsFor(policy))];
        var next = (this with { LostBefore = lost }).WaitForNext(status, policy, now, unit);
        var hastened = status.WantsVerification ? next.Plan.Hasten(status, policy, now) : next;
        return (hastened.Effects.IsEmpty ? next : hastened).After(expiry);
    }

    /// <summary>Handles a due probe that could not be sent: the next one comes at its usual time.</summary>
    /// <param name="unit">A random number in [0, 1).</param>
    public ProbeStep OnNotSent(EndpointStatus status, HealthPolicy policy, TimeSpan now, double unit) => WaitForNext(status, policy, now, unit);

    private ProbeStep Send(TimeSpan freshFor, bool first, HealthPolicy policy, TimeSpan now) =>
        Wait(Target!.Timeout + policy.Interval, now).After([new ProbeEffect.Send(Target, freshFor, first)]);

    private ProbeStep WaitForNext(EndpointStatus status, HealthPolicy policy, TimeSpan now, double unit)
    {
        var suspect = status.Decision.Kind == DecisionKind.Suspect && status.Suspicion.NeedsProbes;
        return Wait(ProbeSchedule.NextIn(policy, status.Verdict, suspect, unit), now);
    }

    private ProbeStep Wait(TimeSpan after, TimeSpan now) => new(this with { Due = now + after }, [new ProbeEffect.Wait(after)]);
}
