using Akka.Actor;
using Gateway.Actors.Agreement;
using Gateway.Actors.Cluster;
using Gateway.Actors.Surroundings;
using Gateway.Actors.Timing;
using Gateway.Core.Addressing;
using Gateway.Core.Evidence;
using Gateway.Core.Membership;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Evidence;

/// <summary>
/// Sends this replica's evidence to the others, and theirs to its endpoints. Makes no decisions: <see cref="EvidenceBook"/> and <see cref="OwnStream"/>
/// manage streams and freshness, and each endpoint draws its own conclusions. All its state is in the ledger, so a restart resumes where the crash
/// was.
/// </summary>
public sealed partial class EvidenceActor : UntypedActor, IWithTimers
{
    /// <summary>Edges within this time after a send become one message.</summary>
    public static readonly TimeSpan Coalescing = TimeSpan.FromMilliseconds(5);

    /// <summary>Changes of the cluster within this time after one that was sent are batched.</summary>
    public static readonly TimeSpan ViewCoalescing = TimeSpan.FromMilliseconds(20);

    /// <summary>Tolerance, since the two clocks are not read at the same moment.</summary>
    private static readonly TimeSpan PauseTolerance = TimeSpan.FromMilliseconds(10);

    public static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);

    private readonly Peers _peers;
    private readonly SettingsAgreement _agreement;
    private readonly EvidenceLedger _ledger;
    private readonly IEndpointObserver _observer;
    private readonly ActorClock _clock;
    private readonly ILogger _log;
    private readonly CoalescingWindow _sending;
    private readonly CoalescingWindow _viewing;
    private readonly HashSet<EndpointId> _touched = [];
    private OwnerMap _owners;

    /// <param name="ledger">This actor's state. Kept by the creator of the props, beyond a restart.</param>
    public EvidenceActor(
        Peers peers, SettingsAgreement agreement, EvidenceLedger ledger, IEndpointObserver observer, ActorClock clock, ILoggerFactory loggers)
    {
        (_peers, _agreement, _ledger, _observer, _clock) = (peers, agreement, ledger, observer, clock);
        _log = loggers.CreateLogger<EvidenceActor>();
        _sending = new(clock.Provider, Self, Tick.SendWindowOver);
        _viewing = new(clock.Provider, Self, Tick.ViewWindowOver);
        _owners = OwnersBy(peers.View);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private enum Tick
    {
        Beat,
        SendWindowOver,
        ViewWindowOver,
        MayBeStale,
    }

    private TimeSpan Now => _clock.Now;

    private EvidenceBook Book => _ledger.Book!;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(ClusterChanged));
        Context.System.EventStream.Subscribe(Self, typeof(FromReplica<IEvidenceMessage>));
        Context.System.EventStream.Subscribe(Self, typeof(AgreementChanged));
        foreach (var (endpoint, (actor, _)) in _ledger.Endpoints)
        {
            Context.WatchWith(actor, new WatcherEnded(endpoint, actor));
        }

        var view = _peers.View;
        PassPauses();
        _owners = OwnersBy(view);
        Apply(_ledger.Book is { } book ? book.OnView(view, Now) : EvidenceBook.Open(view, Now));
        TellSoon(_ledger.Endpoints.Keys); // Sends what a crash has left unsent.
        Timers.StartPeriodicTimer(Tick.Beat, Tick.Beat, BeatInterval);
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _sending.Dispose();
        _viewing.Dispose();
    }

    protected override void OnReceive(object message)
    {
        PassPauses();
        switch (message)
        {
            case ObserveEndpoint observed when IsWatcher(observed.Endpoint, Sender):
                Observe(observed);
                break;
            case ObserveEndpoint:
                break; // A late message for a removed endpoint.
            case ForgetEndpoint(var endpoint):
                Forget(endpoint);
                break;
            case WatchEvidence(var endpoint):
                Watch(endpoint, Sender);
                break;
            case FromReplica<IEvidenceMessage>(var from, var said):
                Hear(from, said);
                break;
            case ClusterChanged(var view):
                See(view);
                break;
            case AgreementChanged:
                TellSoon(_owners.Follow(_agreement.Current));
                break;
            case Tick.ViewWindowOver:
                _viewing.Close();
                TellTouched();
                break;
            case Tick.Beat:
                SendToAll(new EvidenceBeat(_ledger.Own.Last));
                Apply(Book.OnTime(Now));
                break;
            case Tick.MayBeStale:
                Apply(Book.OnTime(Now));
                break;
            case Tick.SendWindowOver:
                _sending.Close();
                SendEdges();
                break;
            case WatcherEnded(var endpoint, var actor) when IsWatcher(endpoint, actor):
                _ledger.Endpoints.Remove(endpoint);
                break;
            case WatcherEnded:
                break; // Another actor has taken its place.
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Applies pauses of this process, which make no sender stale.</summary>
    private void PassPauses()
    {
        var lost = _clock.Lost;
        if (lost - _ledger.Paused > PauseTolerance)
        {
            _ledger.Book = _ledger.Book?.OnPause(lost - _ledger.Paused, Now);
            _ledger.Paused = lost;
        }
    }

    private void Watch(EndpointId endpoint, IActorRef actor)
    {
        var evidence = About(endpoint);
        _ledger.Endpoints[endpoint] = (actor, evidence);
        Context.Unwatch(actor);
        Context.WatchWith(actor, new WatcherEnded(endpoint, actor));
        actor.Tell(new EvidenceChanged(evidence));
    }

    private void Observe(ObserveEndpoint observed)
    {
        _ledger.Own = _ledger.Own.See(observed.Endpoint, observed.Observation, observed.Verified, observed.Why, Now, observed.Confirms);
        _observer.Changed(observed.Endpoint);
        SendSoon();
    }

    /// <summary>Removes an endpoint, on the pool's command only: when just its actor ends, the pool creates another.</summary>
    private void Forget(EndpointId endpoint)
    {
        if (_ledger.Endpoints.Remove(endpoint, out var known))
        {
            Context.Unwatch(known.Actor);
        }

        _owners.Remove(endpoint);
        _ledger.Own = _ledger.Own.Forget(endpoint);
        SendSoon();
    }

    private bool IsWatcher(EndpointId endpoint, IActorRef actor) =>
        _ledger.Endpoints.TryGetValue(endpoint, out var known) && known.Actor.Equals(actor);

    private void Hear(ReplicaId from, IEvidenceMessage said)
    {
        switch (said)
        {
            case EvidenceSent(var edges):
                Apply(Book.OnEdges(from, edges, Now));
                break;
            case EvidenceBeat(var last):
                Apply(Book.OnBeat(from, last, Now));
                break;
            case EvidenceSnapshot(var chunk):
                Apply(Book.OnChunk(from, chunk, Now));
                break;
            case SendEvidence:
                SendSnapshot(from);
                break;
            default:
                Unhandled(said);
                break;
        }
    }

    /// <summary>Sends the first edge at once; edges soon after it are batched.</summary>
    private void SendSoon()
    {
        if (_ledger.Own.HasUnsent && !_sending.IsOpen)
        {
            SendEdges();
        }
    }

    private void SendEdges()
    {
        if (_ledger.Own.HasUnsent)
        {
            (_ledger.Own, var edges) = _ledger.Own.Send(Now);
            foreach (var part in edges.Parts())
            {
                SendToAll(new EvidenceSent(part));
            }

            _sending.Open(Coalescing);
        }
    }

    private void SendSnapshot(ReplicaId to)
    {
        SendEdges();
        foreach (var chunk in _ledger.Own.Snapshot(Now))
        {
            _peers.Send(to, new EvidenceSnapshot(chunk));
        }
    }

    /// <summary>Sends to all, unless this replica is a sidecar, which only listens.</summary>
    private void SendToAll(IEvidenceMessage message)
    {
        var view = Book.View;
        if (!view.Self.Sidecar && view.Replicas.Length > 1)
        {
            _peers.SendToAll(message);
        }
    }

    private void Apply(BookStep step)
    {
        Take(step);
        foreach (var endpoint in step.Touched)
        {
            Tell(endpoint);
        }
    }

    /// <summary>Stores the book and asks for snapshots; the actors of touched endpoints are not notified yet.</summary>
    private void Take(BookStep step)
    {
        _ledger.Book = step.Book;
        foreach (var replica in step.Ask)
        {
            Log.Asked(_log, step.Book.View.Find(replica)?.Name ?? replica.ToString());
            _ledger.CountAsked();
            _peers.Send(replica, new SendEvidence());
        }

        if (step.Book.StaleFrom is { } from && !Timers.IsTimerActive(Tick.MayBeStale))
        {
            Timers.StartIn(Tick.MayBeStale, Tick.MayBeStale, from - Now); // The time may have passed meanwhile.
        }
    }

    private EndpointEvidence About(EndpointId endpoint) => Book.About(endpoint, _owners.Of(endpoint));

    private void Tell(EndpointId endpoint)
    {
        if (_ledger.Endpoints.TryGetValue(endpoint, out var known) && About(endpoint) is var evidence && !evidence.Equals(known.Told))
        {
            _ledger.Endpoints[endpoint] = (known.Actor, evidence);
            known.Actor.Tell(new EvidenceChanged(evidence));
        }
    }

    private sealed record WatcherEnded(EndpointId Endpoint, IActorRef Actor);

    private static partial class Log
    {
        [LoggerMessage(40, LogLevel.Debug, "requesting all evidence from {Replica}: it is new, or a message from it was lost", EventName = "evidence-asked")]
        public static partial void Asked(ILogger logger, string replica);
    }
}
