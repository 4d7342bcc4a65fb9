using Akka.Actor;
using Gateway.Actors.Probing;
using Gateway.Actors.Surroundings;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Pools;

namespace Gateway.Actors.Local;

/// <summary>
/// Schedules an endpoint's probes: the part of its actor that asks the prober. Probes are sent only while the replica has a reason to; a
/// verifying probe comes as soon as the fast interval allows.
/// </summary>
/// <param name="self">The endpoint's actor, which receives results and ticks.</param>
internal sealed class ProbeTimer(Endpoint endpoint, Pool pool, IActorRef prober, IActorRef self, ITimerScheduler timers, Func<double> random, ActorClock clock)
{
    private ProbeTarget? _target;
    private TimeSpan _due;

    /// <summary>The total pause of this process at the last result.</summary>
    private TimeSpan _lostBefore;

    /// <summary>Timer messages that the actor passes back.</summary>
    public enum Tick
    {
        ProbeDue,
        VerdictExpired,
    }

    /// <summary>The reason for the current or last probe.</summary>
    public ProbeReason Reason { get; private set; }

    private HealthPolicy Health => pool.Snapshot.Settings.Health;

    private EndpointStatus Status => endpoint.Status;

    /// <summary>Whether a result belongs to the current target.</summary>
    public bool IsOf(ProbeTarget target) => target == _target;

    /// <summary>Starts, continues or stops probing, by the pool's settings and the replica's duty. A new probe is sent at once.</summary>
    public void Follow()
    {
        var target = Status.Duty == ProbeReason.None ? null : new ProbeTarget(endpoint.Id.Address, Health.Probe);
        if (target == _target)
        {
            return;
        }

        if (_target is { } old)
        {
            prober.Tell(new StopProbing(old), self);
            timers.Cancel(Tick.ProbeDue);
        }

        _target = target;
        if (target is not null)
        {
            Schedule(TimeSpan.Zero);
        }
    }

    /// <summary>After a crash: the verdict keeps its original expiry.</summary>
    public void Resume()
    {
        if (Status is { LastProbeAt: { } at, Verdict.Verdict: not Verdict.Unknown })
        {
            _lostBefore = clock.Lost;
            timers.StartIn(Tick.VerdictExpired, Tick.VerdictExpired, at + ProbeSchedule.LastsFor(Health) - clock.Now);
        }
    }

    /// <summary>Whether the verdict has expired by the clock. Pauses of this process do not count: they extend it.</summary>
    public bool HasExpired()
    {
        var now = clock.Now;
        if (Status.LastProbeAt is { } at
            && ProbeSchedule.LastsFor(Health) - (now - at) + (clock.Lost - _lostBefore) is var left && left > TimeSpan.Zero)
        {
            timers.StartIn(Tick.VerdictExpired, Tick.VerdictExpired, left);
            return false;
        }

        return true;
    }

    /// <summary>Moves the next probe forward to verify a report, if allowed.</summary>
    public void Hasten()
    {
        var now = clock.Now;
        var after = ProbeSchedule.VerifyIn(Health, Status.Suspicion.VerifiedAt, now);
        if (_target is not null && now + after < _due)
        {
            Schedule(after);
        }
    }

    /// <summary>Sends the probe that is due; <see cref="Reason"/> says why.</summary>
    /// <returns>Whether it is a verifying probe.</returns>
    public bool Send()
    {
        if (_target is null)
        {
            return false;
        }

        // A result from before a report does not verify it.
        var verifying = Status.WantsVerification && ProbeSchedule.VerifyIn(Health, Status.Suspicion.VerifiedAt, clock.Now) == TimeSpan.Zero;
        Reason = verifying ? ProbeReason.Verification : Status.Duty;
        prober.Tell(new ProbeNow(_target, verifying ? TimeSpan.Zero : ProbeSchedule.FreshFor(Health), pool.Name, Health.Interval, verifying), self);

        // A result reschedules this timer; without one (queue full, prober restarted) it asks again.
        Schedule(_target.Spec.Timeout + Health.Interval);
        return verifying;
    }

    /// <summary>Probes now, however recent the last result is. Does nothing if this replica does not probe the endpoint.</summary>
    public void SendNow()
    {
        if (_target is not null)
        {
            prober.Tell(new ProbeNow(_target, TimeSpan.Zero, pool.Name, Health.Interval, Verifying: true), self);
            Schedule(_target.Spec.Timeout + Health.Interval);
        }
    }

    /// <summary>Called after a result.</summary>
    public void Finished()
    {
        _lostBefore = clock.Lost;
        timers.StartIn(Tick.VerdictExpired, Tick.VerdictExpired, ProbeSchedule.LastsFor(Health));
        ScheduleNext();
        if (Status.WantsVerification)
        {
            Hasten();
        }
    }

    /// <summary>Called when a due probe was not sent: the next one comes at its usual time.</summary>
    public void NotSent() => ScheduleNext();

    private void ScheduleNext()
    {
        var suspect = Status.Decision.Kind == DecisionKind.Suspect && Status.Suspicion.NeedsProbes;
        Schedule(ProbeSchedule.NextIn(Health, Status.Verdict, suspect, random()));
    }

    private void Schedule(TimeSpan after)
    {
        _due = clock.Now + after;
        if (after > TimeSpan.Zero)
        {
            timers.StartSingleTimer(Tick.ProbeDue, Tick.ProbeDue, after);
        }
        else
        {
            timers.Cancel(Tick.ProbeDue);
            self.Tell(Tick.ProbeDue, self);
        }
    }
}
