using Akka.Actor;
using Gateway.Actors.Probing;
using Gateway.Actors.Surroundings;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Pools;

namespace Gateway.Actors.Local;

/// <summary>
/// When an endpoint's probes are due: the part of its actor that asks the prober. Probes are sent only while the replica has a reason to, and one
/// that looks into a report comes as soon as the fast interval allows.
/// </summary>
/// <param name="self">The endpoint's actor, which gets results and ticks.</param>
internal sealed class ProbeTimer(Endpoint endpoint, Pool pool, IActorRef prober, IActorRef self, ITimerScheduler timers, ActorEnvironment environment)
{
    private ProbeTarget? _target;
    private TimeSpan _due;

    /// <summary>The time in which this process had not run when the last result came.</summary>
    private TimeSpan _lostBefore;

    /// <summary>Ticks that the actor hands back.</summary>
    public enum Tick
    {
        ProbeDue,
        VerdictExpired,
    }

    /// <summary>Why the probe was sent that is under way, or was last.</summary>
    public ProbeReason Reason { get; private set; }

    private HealthPolicy Health => pool.Settings.Health;

    private EndpointStatus Status => endpoint.Status;

    /// <summary>Whether a result is of what is probed now.</summary>
    public bool IsOf(ProbeTarget target) => target == _target;

    /// <summary>Begins, goes on or stops, by the pool's settings and the replica's duty. A probe that is new is sent at once.</summary>
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

    /// <summary>After a crash: the verdict that is left lasts no longer than it would have.</summary>
    public void Resume()
    {
        if (Status is { LastProbeAt: { } at, Verdict.Verdict: not Verdict.Unknown })
        {
            _lostBefore = environment.Lost;
            timers.StartIn(Tick.VerdictExpired, Tick.VerdictExpired, at + ProbeSchedule.LastsFor(Health) - environment.Now);
        }
    }

    /// <summary>The verdict's time is over by the clock. Time in which this process did not run does not count: then it goes on.</summary>
    public bool HasExpired()
    {
        var now = environment.Now;
        if (Status.LastProbeAt is { } at
            && ProbeSchedule.LastsFor(Health) - (now - at) + (environment.Lost - _lostBefore) is var left && left > TimeSpan.Zero)
        {
            timers.StartIn(Tick.VerdictExpired, Tick.VerdictExpired, left);
            return false;
        }

        return true;
    }

    /// <summary>A report is to be looked into: the next probe comes sooner if it may.</summary>
    public void Hasten()
    {
        var now = environment.Now;
        var after = ProbeSchedule.VerifyIn(Health, Status.Suspicion.VerifiedAt, now);
        if (_target is not null && now + after < _due)
        {
            Schedule(after);
        }
    }

    /// <summary>Asks for the probe that is due; <see cref="Reason"/> says why.</summary>
    /// <returns>Whether it is one that looks into a report.</returns>
    public bool Send()
    {
        if (_target is null)
        {
            return false;
        }

        // A result from before a report says nothing about it.
        var verifying = Status.WantsVerification && ProbeSchedule.VerifyIn(Health, Status.Suspicion.VerifiedAt, environment.Now) == TimeSpan.Zero;
        Reason = verifying ? ProbeReason.Verification : Status.Duty;
        prober.Tell(new ProbeNow(_target, verifying ? TimeSpan.Zero : ProbeSchedule.FreshFor(Health), pool.Name, Health.Interval, verifying), self);

        // A result moves this timer; without one (no room in the queue, the prober restarted) it asks again.
        Schedule(_target.Spec.Timeout + Health.Interval);
        return verifying;
    }

    /// <summary>Somebody wants to know now, however fresh the last result is. Nothing where this replica does not probe the endpoint.</summary>
    public void SendNow()
    {
        if (_target is not null)
        {
            prober.Tell(new ProbeNow(_target, TimeSpan.Zero, pool.Name, Health.Interval, Verifying: true), self);
            Schedule(_target.Spec.Timeout + Health.Interval);
        }
    }

    /// <summary>A result was taken in.</summary>
    public void Finished()
    {
        _lostBefore = environment.Lost;
        timers.StartIn(Tick.VerdictExpired, Tick.VerdictExpired, ProbeSchedule.LastsFor(Health));
        ScheduleNext();
        if (Status.WantsVerification)
        {
            Hasten();
        }
    }

    /// <summary>None was sent, though it was due: the next one when it would have been anyway.</summary>
    public void NotSent() => ScheduleNext();

    private void ScheduleNext()
    {
        var suspect = Status.Decision.Kind == DecisionKind.Suspect && Status.Suspicion.NeedsProbes;
        Schedule(ProbeSchedule.NextIn(Health, Status.Verdict, suspect, environment.Random()));
    }

    private void Schedule(TimeSpan after)
    {
        _due = environment.Now + after;
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
