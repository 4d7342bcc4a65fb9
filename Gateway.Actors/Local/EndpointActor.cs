using Akka.Actor;
using Gateway.Actors.Evidence;
using Gateway.Actors.Grants;
using Gateway.Actors.Probing;
using Gateway.Actors.Surroundings;
using Gateway.Core.Balancing;
using Gateway.Core.Breaking;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Outliers;
using Gateway.Core.Pools;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Local;

/// <summary>
/// Owns one endpoint: its verdict, the breaker's timers and steps, its decision and published status. Makes no decisions itself: each event
/// goes through <see cref="EndpointDecision"/>, and <see cref="Apply(EndpointDecision)"/> carries out the result. All its state is in the
/// <see cref="Endpoint"/>, so a restart resumes where the crash was.
/// </summary>
public sealed partial class EndpointActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(1);

    private readonly Endpoint _endpoint;
    private readonly Pool _pool;
    private readonly Neighbours _neighbours;
    private readonly Func<double> _random;
    private readonly IEndpointObserver _observer;
    private readonly ActorClock _clock;
    private readonly ILogger _log;
    private FailureWindow _window = FailureWindow.Empty;

    /// <param name="random">Returns random numbers in [0, 1), for jitter.</param>
    public EndpointActor(
        Endpoint endpoint, Pool pool, Neighbours neighbours, Func<double> random, IEndpointObserver observer, ActorClock clock, ILoggerFactory loggers)
    {
        (_endpoint, _pool, _neighbours, _random, _observer, _clock) = (endpoint, pool, neighbours, random, observer, clock);
        _log = loggers.CreateLogger<EndpointActor>();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private enum Tick
    {
        Sample,
        HoldElapsed,
        SeekAgain,
        Eased,
        OutlierElapsed,
        ProbeDue,
        VerdictExpired,
    }

    private HealthPolicy Health => _pool.Snapshot.Settings.Health;

    private BreakerPolicy Breaker => _pool.Snapshot.Settings.Breaker;

    private TimeSpan Now => _clock.Now;

    private BreakContext Break => new(Breaker, Now, _random());

    protected override void PreStart()
    {
        _endpoint.Cell.Attach(new EndpointSignals(Self));
        Introduce();
        Resume();
        Configure();
    }

    protected override void OnReceive(object message)
    {
        var status = _endpoint.Status;
        switch (message)
        {
            case BreakerSignalled(BreakerEdge.Proven, _, _):
                Apply(EndpointDecision.OnProven(status, _endpoint.Cell.Breaker));
                break;
            case BreakerSignalled(var edge, var epoch, var reason):
                Apply(EndpointDecision.OnEdge(status, new(edge, epoch, reason, _endpoint.Cell.LastFailure), Break));
                break;
            case ProbeAnswer.Probed(var target, _) probed when IsCurrent(target):
                OnProbed(status, probed);
                break;
            case ProbeAnswer.NotSent(var target) when IsCurrent(target):
                Apply(_plan.OnNotSent(status, Health, Now, _random()));
                break;
            case ProbeAnswer:
                break;
            case EvidenceChanged(var evidence):
                Apply(EndpointDecision.OnEvidence(status, evidence, Health, Now));
                break;
            case Tick.ProbeDue:
                Apply(_plan.OnDue(status, Health, Now));
                break;
            case Tick.VerdictExpired:
                Apply(_plan.OnExpiry(status, Health, Now, _clock.Lost));
                break;
            case Tick.HoldElapsed:
                Apply(EndpointDecision.OnHoldElapsed(status, Now));
                break;
            case TrafficStalled(var stalled):
                Apply(EndpointDecision.OnStalled(status, stalled, Health, Now));
                break;
            case TrialsPermitted(var epoch, var own):
                Apply(EndpointDecision.OnPermitted(status, epoch, own));
                break;
            case GrantUnused(var epoch):
                Apply(EndpointDecision.OnGrantUnused(status, epoch));
                break;
            case ProvenElsewhere:
                Apply(EndpointDecision.OnProvenElsewhere(status, Now));
                break;
            case Tick.SeekAgain:
                SeekGrant();
                break;
            case Tick.Eased:
                Apply(EndpointDecision.OnEased(status, Now));
                break;
            case BreakElapsed(var epoch):
                Apply(EndpointDecision.OnBreakElapsed(status, epoch));
                break;
            case TrialsOverdue(var epoch):
                Apply(EndpointDecision.OnTrialsOverdue(status, _endpoint.Cell.Breaker, epoch));
                break;
            case Tick.Sample:
                Sample(status);
                break;
            case OutlierJudged or Tick.OutlierElapsed:
                Apply(DecideOnOutlier(status, message));
                break;
            case EndpointCommand.HoldBreaker(var hold):
                Apply(EndpointDecision.OnHold(status, hold));
                break;
            case ReconfigureEndpoint:
                Configure();
                break;
            case EndpointCommand.Probe:
                Apply(_plan.OnAsked(Health, Now));
                break;
            case Local.Introduce:
                Introduce();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Applies the pool's settings: restarts probing if the probe has changed, and samples if there is a failure rate.</summary>
    private void Configure()
    {
        Apply(EndpointDecision.OnConfigured(_endpoint.Status, Health));
        if (_pool.Snapshot.Settings.Outliers is null && _endpoint.Status.Outlier != OutlierRecord.Clean)
        {
            Apply(OutlierDecision.OnOff(_endpoint.Status, Now, IsOut));
        }

        Apply(_plan.Follow(_endpoint.Status, Health, Now));
        Repeat(Tick.Sample, Breaker.FailureRatePercent is not null, SampleInterval);
    }

    private void Apply(EndpointDecision decision)
    {
        var before = _endpoint.Status;
        _endpoint.Status = decision.Status;
        foreach (var effect in decision.Effects)
        {
            CarryOut(effect);
        }

        if (decision.Step != BreakerStep.None)
        {
            Step(decision.Step);
        }

        if (!decision.Status.LooksLike(before))
        {
            _observer.Changed(_endpoint.Id);
        }
    }

    private void Step(BreakerStep step)
    {
        var epoch = _endpoint.Status.Epoch;
        var (word, why) = step switch
        {
            BreakerStep.HalfOpen when IsAlone => (_endpoint.Cell.Transition(static (w, _) => w.HalfOpen(), epoch), "ready for trials"),
            BreakerStep.HalfOpen => (_endpoint.Cell.Transition(static (w, _) => w.HalfOpen(TrialGate.Shut), epoch), "ready for trials by grant"),
            BreakerStep.Grant => (_endpoint.Cell.Transition(static (w, e) => w.Permit(e, TrialGate.Granted), epoch), ""),
            BreakerStep.Free => (_endpoint.Cell.Transition(static (w, e) => w.Permit(e, TrialGate.Free), epoch), ""),
            BreakerStep.Withdraw => (_endpoint.Cell.Transition(static (w, e) => w.Withdraw(e), epoch), ""),
            BreakerStep.Close => (_endpoint.Cell.Transition(static (w, _) => w.Close(), epoch), "another replica's trial succeeded"),
            BreakerStep.ExpireTrials => (_endpoint.Cell.Transition(static (w, e) => w.ExpireTrials(e), epoch), "trials lost"),
            BreakerStep.Trip => (_endpoint.Cell.Transition(static (w, _) => w.Trip(), epoch), "failure rate"),
            BreakerStep.ForceOpen => (_endpoint.Cell.Transition(static (w, _) => w.ForceOpen(), epoch), "held open by an operator"),
            BreakerStep.ForceClose => (_endpoint.Cell.Transition(_endpoint.Status.DoubtsTraffic ? static (w, _) => w.Close() : static (w, _) => w.Close().Clear(), epoch), "closed by an operator"),
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
        };
        Apply(step == BreakerStep.Withdraw
            ? EndpointDecision.OnWithdrawn(_endpoint.Status, word)
            : EndpointDecision.OnPhase(_endpoint.Status, word.Phase, word.Epoch, why, Break));
    }

    /// <summary>Carries out an effect. Counts before it logs, so that a reader of a line finds it counted.</summary>
    private void CarryOut(EndpointEffect effect)
    {
        switch (effect)
        {
            case EndpointEffect.VerdictChanged(var from, var to, var why):
                _observer.VerdictChanged(_endpoint.Id, from, to);
                Log.VerdictChanged(_log, LevelOf(to == Verdict.Unhealthy), _endpoint.Id, from, to, why);
                break;
            case EndpointEffect.BreakerMoved(var from, var to, var why):
                _observer.BreakerMoved(_endpoint.Id, from, to);
                Log.BreakerMoved(_log, LevelOf(to == BreakerPhase.Open), _endpoint.Id, from, to, _endpoint.Status.Epoch, why);
                break;
            case EndpointEffect.Decided(var from, var to):
                _observer.Decided(_endpoint.Id, to);
                Log.Decided(_log, LevelOf(from, to), _endpoint.Id, from.Kind.Name(), to.Describe(Now));
                break;
            case EndpointEffect.TrialsLost(var epoch):
                _observer.TrialsLost(_endpoint.Id);
                Log.TrialsLost(_log, _endpoint.Id, epoch);
                break;
            case EndpointEffect.ArmBreak(var after, var epoch):
                Timers.StartSingleTimer(nameof(BreakElapsed), new BreakElapsed(epoch), after);
                break;
            case EndpointEffect.DisarmBreak:
                Timers.Cancel(nameof(BreakElapsed));
                break;
            case EndpointEffect.WatchTrials(var epoch):
                Timers.StartSingleTimer(nameof(TrialsOverdue), new TrialsOverdue(epoch), _pool.Snapshot.Settings.Timeouts.Request);
                break;
            case EndpointEffect.SeekGrant or EndpointEffect.WatchGrant or EndpointEffect.UseGrant or EndpointEffect.EndTrials:
                CarryOutTurn(effect);
                break;
            case EndpointEffect.ArmEase(var until):
                At(Tick.Eased, until);
                break;
            case EndpointEffect.ArmOutlier(var until):
                At(Tick.OutlierElapsed, until);
                break;
            case EndpointEffect.DoubtTraffic(var on):
                _endpoint.Cell.Doubt(on);
                break;
            case EndpointEffect.ArmHold(var until):
                At(Tick.HoldElapsed, until);
                break;
            case EndpointEffect.ChangeDuty:
                Apply(_plan.Follow(_endpoint.Status, Health, Now));
                break;
            case EndpointEffect.Verify:
                Apply(_plan.Hasten(_endpoint.Status, Health, Now));
                break;
            case EndpointEffect.ShareObservation:
                var seen = _endpoint.Status;
                _neighbours.Evidence.Tell(new ObserveEndpoint(_endpoint.Id, seen.Observation, seen.Verified, seen.Why, seen.Confirms));
                break;
            case EndpointEffect.Publish:
                Context.Parent.Tell(new EndpointChanged(_endpoint.Id));
                break;
            default:
                throw new InvalidOperationException($"unhandled effect: {effect}");
        }
    }

    private static LogLevel LevelOf(bool bad) => bad ? LogLevel.Warning : LogLevel.Information;

    /// <summary>Returns Debug for a new reason of the same decision.</summary>
    private static LogLevel LevelOf(Decision from, Decision to) =>
        from.Kind == to.Kind ? LogLevel.Debug : LevelOf(to.Kind == DecisionKind.Ejected);

    private sealed record BreakElapsed(uint Epoch);

    private sealed record TrialsOverdue(uint Epoch);
}
