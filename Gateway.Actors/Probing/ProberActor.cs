using Akka.Actor;
using Gateway.Actors.Surroundings;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Probing;

/// <summary>
/// Sends all probes of the replica. Endpoints request probes when due; equal targets of several pools share each probe and its result.
/// <see cref="ProbeQueue{TTarget}"/> decides which goes next, and <see cref="ProbeSlots"/> how many run at once.
/// </summary>
public sealed partial class ProberActor : UntypedActor
{
    /// <summary>The share of its interval after which a waiting probe is late.</summary>
    public const double LateShare = 0.2;

    /// <summary>The interval of warnings that probes are late.</summary>
    private static readonly TimeSpan WarningInterval = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The pause of this process across which a failed probe does not count. Shorter pauses are normal on a busy machine; the probe's own timeout uses
    /// the process's running time.
    /// </summary>
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly IProbe _probe;
    private readonly ProbeLoadHolder _load;
    private readonly int? _maxConcurrentProbes;
    private readonly ActorClock _clock;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ProbeQueue<ProbeTarget> _queue = new();
    private readonly Dictionary<ProbeTarget, ProbeWatch> _watches = [];
    private double _need;
    private long _late;
    private TimeSpan _nextLook;
    private TimeSpan _nextUnsentWarning;

    /// <param name="load">Written by this actor only.</param>
    /// <param name="maxConcurrentProbes">Maximum probes in flight, without verifying ones; null for as many as the endpoints need.</param>
    public ProberActor(IProbe probe, ProbeLoadHolder load, int? maxConcurrentProbes, ActorClock clock, ILoggerFactory loggers)
    {
        (_probe, _load, _maxConcurrentProbes, _clock) = (probe, load, maxConcurrentProbes, clock);
        _late = load.Current.Late; // Continues the count of an earlier incarnation.
        _log = loggers.CreateLogger<ProberActor>();
    }

    private ProbeSlots Slots => ProbeSlots.For(_need, _maxConcurrentProbes);

    protected override void PostStop()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ProbeNow now:
                Ask(now);
                break;
            case Finished(var turn, var lostBefore, var result):
                Finish(turn, lostBefore, result);
                break;
            case StopProbing(var target):
                Unwatch(target, Sender);
                break;
            case WatcherEnded(var target, var watcher):
                Unwatch(target, watcher);
                break;
            default:
                Unhandled(message);
                return;
        }

        BeginAll();
    }

    private void Ask(ProbeNow asked)
    {
        var watch = Watch(asked, Sender);
        if (watch.Last is { } last && _clock.Now - watch.LastAt < asked.FreshFor)
        {
            Sender.Tell(last);
        }
        else
        {
            _queue.Add(asked.Target, asked.Pool, asked.Verifying, watch.IsSlow, _clock.Now);
        }
    }

    private void BeginAll()
    {
        var slots = Slots;
        while (_queue.Begin(slots) is { } turn)
        {
            NoteDelay(turn);
            Begin(turn);
        }

        WarnIfBehind(slots);

        _load.Current = new(_watches.Count, _need, slots, _queue.InFlight, _queue.SlowInFlight, _queue.Waiting, _late);
    }

    private void Begin(ProbeTurn<ProbeTarget> turn)
    {
        var lostBefore = _clock.Lost;
        RunAsync(_probe, turn.Target, _stopping.Token).PipeTo(
            Self,
            success: result => new Finished(turn, lostBefore, result),

            // An exception becomes this target's result, as it would be lost otherwise.
            failure: unexpected => new Finished(turn, lostBefore, ProbeResult.Fail(TimeSpan.Zero, FailureReason.Malformed, unexpected?.Message ?? "cancelled")));
    }

    private static async Task<ProbeResult> RunAsync(IProbe probe, ProbeTarget target, CancellationToken stopping) =>
        await probe.ProbeAsync(target, stopping).ConfigureAwait(false);

    private void Finish(ProbeTurn<ProbeTarget> turn, TimeSpan lostBefore, ProbeResult result)
    {
        if (!_queue.End(turn) || !_watches.TryGetValue(turn.Target, out var watch))
        {
            return; // From an earlier incarnation of this actor, or without watchers.
        }

        if (!result.Passed && _clock.Lost - lostBefore >= LongPause)
        {
            // The answer may have arrived during the pause, or the backend may have given up this client.
            Log.AcrossPause(_log, turn.Target.Address.Canonical);
            _queue.Add(turn.Target, turn.Pool, turn.Verifying, watch.IsSlow, _clock.Now);
            return;
        }

        if (!result.Sent)
        {
            WarnOfUnsent(result.Detail);
            TellAll(watch, new ProbeAnswer.NotSent(turn.Target));
            return;
        }

        watch.Last = new(turn.Target, result);
        watch.LastAt = _clock.Now;
        TellAll(watch, watch.Last);
    }

    private static void TellAll(ProbeWatch watch, ProbeAnswer answer)
    {
        foreach (var watcher in watch.Watchers.Keys)
        {
            watcher.Tell(answer);
        }
    }

    private ProbeWatch Watch(ProbeNow asked, IActorRef watcher)
    {
        var target = asked.Target;
        if (!_watches.TryGetValue(target, out var watch))
        {
            _watches[target] = watch = new(target);
        }

        if (!watch.Watchers.ContainsKey(watcher))
        {
            Context.Unwatch(watcher);
            Context.WatchWith(watcher, new WatcherEnded(target, watcher));
        }

        _need -= watch.Need;
        watch.Watchers[watcher] = asked.Interval;
        _need += watch.Need;
        return watch;
    }

    private void Unwatch(ProbeTarget target, IActorRef watcher)
    {
        if (_watches.TryGetValue(target, out var watch) && watch.Watchers.ContainsKey(watcher))
        {
            Context.Unwatch(watcher);
            _need -= watch.Need;
            watch.Watchers.Remove(watcher);
            _need += watch.Need;
            if (watch.Watchers.Count == 0)
            {
                _watches.Remove(target);
                _queue.Drop(target);
            }
        }
    }

    private void NoteDelay(ProbeTurn<ProbeTarget> turn)
    {
        if (_watches.TryGetValue(turn.Target, out var watch) && _clock.Now - turn.Since > LateShare * watch.Interval)
        {
            _late++;
        }
    }

    private void WarnIfBehind(ProbeSlots slots)
    {
        var now = _clock.Now;
        if (now < _nextLook || _queue.WaitingSince is not { } since)
        {
            return;
        }

        _nextLook = now + LookInterval;
        if (now - since > LateShare * _watches.Values.Max(watch => watch.Interval))
        {
            _nextLook = now + WarningInterval;
            Log.Behind(
                _log, _queue.Waiting, (now - since).TotalSeconds, _queue.InFlight, slots.Regular, slots.Verifying, _queue.SlowInFlight, _watches.Count, _need);
        }
    }

    private void WarnOfUnsent(string why)
    {
        if (_clock.Now >= _nextUnsentWarning)
        {
            _nextUnsentWarning = _clock.Now + WarningInterval;
            Log.NotSent(_log, why);
        }
    }

    /// <param name="LostBefore">The total pause of this process when the probe began.</param>
    private sealed record Finished(ProbeTurn<ProbeTarget> Turn, TimeSpan LostBefore, ProbeResult Result);

    private sealed record WatcherEnded(ProbeTarget Target, IActorRef Watcher);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "probes are late: {Waiting} are waiting, the first for {Longest:0.0} s; {InFlight} are in flight ({Regular} slots, and {Verifying} for verification), " +
            "{Slow} of them to endpoints that did not answer last time; {Targets} endpoints need up to {Need:0} slots if none answers. " +
            "Raise limits.maxConcurrentProbes or the probe interval, or lower the probe timeout", EventName = "probes-late")]
        public static partial void Behind(
            ILogger logger, int waiting, double longest, int inFlight, int regular, int verifying, int slow, int targets, double need);

        [LoggerMessage(3, LogLevel.Warning, "cannot send probes: {Why}; endpoints keep their verdicts until these expire", EventName = "probes-not-sent")]
        public static partial void NotSent(ILogger logger, string why);

        [LoggerMessage(2, LogLevel.Debug, "{Endpoint} probe failed while this process was paused; ignoring the failure and probing again", EventName = "probe-across-pause")]
        public static partial void AcrossPause(ILogger logger, string endpoint);
    }
}
