using System.Runtime.CompilerServices;
using Akka.Actor;
using Gateway.Actors.Surroundings;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Supervision;

/// <summary>
/// Fronts an essential actor under a permanent address: forwards all messages, restarts the
/// actor when it crashes, and recreates it when it has ended, at growing intervals. Messages meanwhile are queued, up to a limit.
/// <code>
/// Running --crashed--> Running (restarted) --ended--> Out, alarm raised --0.1 s, then 0.2, 0.4 .. 10 s--> Running
/// </code>
/// </summary>
public sealed partial class KeeperActor : UntypedActor, IWithTimers
{
    /// <summary>The maximum queue while the actor is out; beyond it the oldest are dropped.</summary>
    public const int Waiting = 50_000;

    /// <summary>The delay before the first recreation; doubled for each further one.</summary>
    public static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    /// <summary>The uptime after which the delays start over.</summary>
    private static readonly TimeSpan StableAfter = TimeSpan.FromMinutes(1);

    /// <summary>The delay after a crash before others resend the actor's state: limits the cost of an actor that crashes on it.</summary>
    private static readonly TimeSpan Restoring = TimeSpan.FromSeconds(1);

    private readonly string _kind;
    private readonly StrongBox<Props?> _props;
    private readonly Vitals _vitals;
    private readonly ActorClock _clock;
    private readonly ILogger _log;
    private readonly Queue<(object Message, IActorRef Sender)> _waiting = new();
    private IActorRef? _actor;
    private bool _started;
    private TimeSpan _createdAt;
    private TimeSpan _delay = FirstDelay;
    private string _lastCause = "it was stopped";
    private int _created;

    /// <param name="props">The props of the actor; null until a <see cref="KeepActor"/> follows. Kept by the creator of this actor's props, beyond a restart.</param>
    public KeeperActor(string kind, StrongBox<Props?> props, Vitals vitals, ActorClock clock, ILoggerFactory loggers)
    {
        (_kind, _props, _vitals, _clock) = (kind, props, vitals, clock);
        _log = loggers.CreateLogger<KeeperActor>();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private enum Tick
    {
        Recreate,
        Restored,
    }

    protected override SupervisorStrategy SupervisorStrategy() => RestartStrategy.Of(_vitals, _kind, cause =>
    {
        _lastCause = cause.GetBaseException().Message;
        Log.Crashed(_log, _kind, cause);
        Timers.StartIn(Tick.Restored, Tick.Restored, Restoring);
    });

    protected override void PreStart()
    {
        if (_props.Value is { } kept)
        {
            Make(kept);
        }
    }

    /// <summary>Clears the outage when the system ends, which for the cluster's happens while the replica keeps running: the actor is no longer needed.</summary>
    protected override void PostStop() => _vitals.Clear(_kind, _kind);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated when terminated.ActorRef.Equals(_actor):
                OnActorEnded();
                break;
            case KeepActor(var kept) when _props.Value is null:
                _props.Value = kept;
                Make(kept);
                break;
            case Tick.Recreate:
                Make(_props.Value!);
                break;
            case ActorIdentity { Subject: { } started } when started.Equals(_actor) && !_started:
                Open();
                break;
            case Tick.Restored:
                Context.System.EventStream.Publish(new ActorRestored(_kind));
                break;
            case not null when _started:
                _actor!.Forward(message);
                break;
            default:
                Keep(message!);
                break;
        }
    }

    /// <summary>Creates the actor. Queued messages are sent once it has answered: messages to an actor that cannot start are lost with it.</summary>
    private void Make(Props kept)
    {
        _actor = Context.ActorOf(kept, $"{_kind}-{++_created}");
        _createdAt = _clock.Now;
        Context.Watch(_actor);
        _actor.Tell(new Identify(_created));
    }

    private void Open()
    {
        _started = true;
        if (_created > 1)
        {
            _vitals.Clear(_kind, _kind);
            Log.Recreated(_log, _kind);
            Timers.StartIn(Tick.Restored, Tick.Restored, Restoring);
        }

        while (_waiting.TryDequeue(out var kept))
        {
            _actor!.Tell(kept.Message, kept.Sender);
        }
    }

    private void OnActorEnded()
    {
        var now = _clock.Now;
        _delay = now - _createdAt >= StableAfter ? FirstDelay : _delay;
        (_actor, _started) = (null, false);
        _vitals.Ended(new(_kind, _kind, now, _lastCause));
        Log.Ended(_log, _kind, _lastCause, _delay.TotalSeconds);
        Timers.StartIn(Tick.Recreate, Tick.Recreate, _delay);
        _delay = _delay * 2 < MaxDelay ? _delay * 2 : MaxDelay;
    }

    private void Keep(object message)
    {
        if (_waiting.Count >= Waiting)
        {
            _waiting.Dequeue();
        }

        _waiting.Enqueue((message, Sender));
    }

    private static partial class Log
    {
        [LoggerMessage(110, LogLevel.Error, "the {Actor} actor crashed; restarting it", EventName = "actor-crashed")]
        public static partial void Crashed(ILogger logger, string actor, Exception cause);

        [LoggerMessage(111, LogLevel.Error, "the {Actor} actor stopped ({Why}); traffic continues without it, restarting it in {Delay:0.0} s", EventName = "actor-stopped")]
        public static partial void Ended(ILogger logger, string actor, string why, double delay);

        [LoggerMessage(112, LogLevel.Warning, "the {Actor} actor is running again", EventName = "actor-restarted")]
        public static partial void Recreated(ILogger logger, string actor);
    }
}
