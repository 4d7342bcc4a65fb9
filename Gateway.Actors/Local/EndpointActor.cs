using Akka.Actor;
using Gateway.Actors.Probing;
using Gateway.Core.Breaking;
using Gateway.Core.Endpoints;
using Gateway.Core.Health;
using Gateway.Core.Pools;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Local;

/// <summary>
/// Owns one endpoint: its verdict, the breaker's timers and steps, what is published of it. Decides nothing itself: each event goes
/// through <see cref="EndpointDecision"/>, and <see cref="Apply"/> carries out what that says. All it has to remember is in the
/// <see cref="Endpoint"/>, so a restart goes on where the crash was.
/// </summary>
public sealed partial class EndpointActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(1);

    private readonly Endpoint _endpoint;
    private readonly Pool _pool;
    private readonly IActorRef _prober;
    private readonly ActorEnvironment _environment;
    private readonly ILogger _log;
    private ProbeTarget? _target;
    private FailureWindow _window = FailureWindow.Empty;

    public EndpointActor(Endpoint endpoint, Pool pool, IActorRef prober, ActorEnvironment environment)
    {
        _endpoint = endpoint;
        _pool = pool;
        _prober = prober;
        _environment = environment;
        _log = environment.Loggers.CreateLogger<EndpointActor>();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private enum Tick
    {
        ProbeDue,
        Sample,
    }

    private HealthPolicy Health => _pool.Settings.Health;

    private BreakerPolicy Breaker => _pool.Settings.Breaker;

    protected override void PreStart()
    {
        _endpoint.Cell.Attach(new EndpointSignals(Self));
        Resume();
        Configure();
    }

    protected override void OnReceive(object message)
    {
        var status = _endpoint.Status;
        switch (message)
        {
            case BreakerSignalled(var edge, var epoch, var reason):
                Apply(EndpointDecision.OnEdge(status, edge, epoch, reason, Breaker, _environment.Now, _environment.Random()));
                break;
            case TargetProbed(var target, var result):
                if (target == _target)
                {
                    _environment.Observer.Probed(_endpoint.Id, result);
                    Apply(EndpointDecision.OnProbe(status, result, Health, _environment.Now));
                    ScheduleProbe(ProbeSchedule.NextIn(Health, _endpoint.Status.Verdict, _environment.Random()));
                }

                break;
            case Tick.ProbeDue:
                Probe(ProbeSchedule.FreshFor(Health));
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
            case ReconfigureEndpoint:
                Apply(EndpointDecision.OnDrain(status, _endpoint.Settings.Draining));
                Configure();
                break;
            case ProbeEndpoint:
                Probe(freshFor: TimeSpan.Zero);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Takes up what the status and the cell say, at the first start and after a crash alike.</summary>
    private void Resume()
    {
        var (status, word) = (_endpoint.Status, _endpoint.Cell.Breaker);
        if (word.Epoch != status.Epoch)
        {
            Apply(EndpointDecision.OnPhase(status, word.Phase, word.Epoch, "found so", Breaker, _environment.Now, _environment.Random()));
        }
        else if (status is { Breaker: BreakerPhase.Open, BreakUntil: { } until })
        {
            var left = until - _environment.Now;
            Carry(new EndpointEffect.ArmBreak(left > TimeSpan.Zero ? left : TimeSpan.Zero, status.Epoch));
        }

        if (word.Trials > 0)
        {
            Carry(new EndpointEffect.WatchTrials(word.Epoch));
        }
    }

    /// <summary>Takes up the pool's settings: probes anew if the probe has changed, samples if a failure rate is watched.</summary>
    private void Configure()
    {
        var target = Health.Probe.Kind == ProbeKind.None ? null : new ProbeTarget(_endpoint.Id.Address, Health.Probe);
        if (target != _target)
        {
            if (_target is { } old)
            {
                _prober.Tell(new StopProbing(old));
            }

            _target = target;
            Probe(ProbeSchedule.FreshFor(Health));
        }

        if (Breaker.FailureRatePercent is null)
        {
            Timers.Cancel(Tick.Sample);
        }
        else if (!Timers.IsTimerActive(Tick.Sample))
        {
            Timers.StartPeriodicTimer(Tick.Sample, Tick.Sample, SampleInterval);
        }
    }

    /// <param name="freshFor">How old a result may be that is taken for the answer.</param>
    private void Probe(TimeSpan freshFor)
    {
        if (_target is null)
        {
            Timers.Cancel(Tick.ProbeDue);
            return;
        }

        _prober.Tell(new ProbeNow(_target, freshFor));

        // A result moves this timer; without one (no room in the queue, the prober restarted) it asks again.
        ScheduleProbe(_target.Spec.Timeout + Health.Interval);
    }

    private void ScheduleProbe(TimeSpan after) => Timers.StartSingleTimer(Tick.ProbeDue, Tick.ProbeDue, after);

    private void Sample(EndpointStatus status)
    {
        var (successes, failures, policy) = (_endpoint.Cell.Successes, _endpoint.Cell.Failures, Breaker);
        _window = status.Breaker == BreakerPhase.Closed
            ? _window.Observe(successes, failures, _environment.Now, policy)
            : FailureWindow.Empty;
        Apply(EndpointDecision.OnSample(status, _window, successes, failures, policy));
    }

    private void Apply(EndpointDecision decision)
    {
        _endpoint.Status = decision.Status;
        foreach (var effect in decision.Effects)
        {
            Carry(effect);
        }

        if (decision.Step != BreakerStep.None)
        {
            Step(decision.Step);
        }
    }

    private void Step(BreakerStep step)
    {
        var epoch = _endpoint.Status.Epoch;
        var (word, why) = step switch
        {
            BreakerStep.HalfOpen => (_endpoint.Cell.Transition(static (w, _) => w.HalfOpen(), epoch), "ready for trials"),
            BreakerStep.ExpireTrials => (_endpoint.Cell.Transition(static (w, e) => w.ExpireTrials(e), epoch), "trials lost"),
            BreakerStep.Trip => (_endpoint.Cell.Transition(static (w, _) => w.Trip(), epoch), "failure rate"),
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
        };
        Apply(EndpointDecision.OnPhase(
            _endpoint.Status, word.Phase, word.Epoch, why, Breaker, _environment.Now, _environment.Random()));
    }

    /// <summary>Counts before it logs: who reads a line finds it counted.</summary>
    private void Carry(EndpointEffect effect)
    {
        switch (effect)
        {
            case EndpointEffect.VerdictChanged(var from, var to, var why):
                _environment.Observer.VerdictChanged(_endpoint.Id, from, to);
                Log.VerdictChanged(_log, LevelOf(to == Verdict.Unhealthy), _endpoint.Id, from, to, why);
                break;
            case EndpointEffect.BreakerMoved(var from, var to, var why):
                _environment.Observer.BreakerMoved(_endpoint.Id, from, to);
                Log.BreakerMoved(_log, LevelOf(to == BreakerPhase.Open), _endpoint.Id, from, to, _endpoint.Status.Epoch, why);
                break;
            case EndpointEffect.TrialsLost(var epoch):
                _environment.Observer.TrialsLost(_endpoint.Id);
                Log.TrialsLost(_log, _endpoint.Id, epoch);
                break;
            case EndpointEffect.ArmBreak(var after, var epoch):
                Timers.StartSingleTimer(nameof(BreakElapsed), new BreakElapsed(epoch), after);
                break;
            case EndpointEffect.DisarmBreak:
                Timers.Cancel(nameof(BreakElapsed));
                break;
            case EndpointEffect.WatchTrials(var epoch):
                Timers.StartSingleTimer(nameof(TrialsOverdue), new TrialsOverdue(epoch), _pool.Settings.Timeouts.Request);
                break;
            case EndpointEffect.Publish:
                Context.Parent.Tell(new EndpointChanged(_endpoint.Id));
                break;
            default:
                throw new InvalidOperationException($"no one carries out {effect}");
        }
    }

    private static LogLevel LevelOf(bool bad) => bad ? LogLevel.Warning : LogLevel.Information;

    private sealed record BreakElapsed(uint Epoch);

    private sealed record TrialsOverdue(uint Epoch);

    private static partial class Log
    {
        [LoggerMessage(EventId = 10, Message = "{Endpoint} verdict {From} -> {To}: {Why}")]
        public static partial void VerdictChanged(ILogger logger, LogLevel level, EndpointId endpoint, Verdict from, Verdict to, string why);

        [LoggerMessage(EventId = 11, Message = "{Endpoint} breaker {From} -> {To} (epoch {Epoch}): {Why}")]
        public static partial void BreakerMoved(
            ILogger logger, LogLevel level, EndpointId endpoint, BreakerPhase from, BreakerPhase to, uint epoch, string why);

        [LoggerMessage(12, LogLevel.Warning, "{Endpoint} trials of epoch {Epoch} never reported; their permits are free again")]
        public static partial void TrialsLost(ILogger logger, EndpointId endpoint, uint epoch);
    }
}
