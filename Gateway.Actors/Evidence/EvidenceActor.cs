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
/// Tells the others what this replica sees, and its endpoints what the others see. Decides nothing: streams and freshness are
/// <see cref="EvidenceBook"/>'s and <see cref="OwnStream"/>'s, what an endpoint makes of it is the endpoint's. All it has to remember is in the
/// ledger, so a restart goes on where the crash was.
/// </summary>
public sealed partial class EvidenceActor : UntypedActor, IWithTimers
{
    /// <summary>Edges within this time after one was sent become one message.</summary>
    public static readonly TimeSpan Coalescing = TimeSpan.FromMilliseconds(5);

    /// <summary>Changes of the cluster within this time after one that was told become one.</summary>
    public static readonly TimeSpan ViewCoalescing = TimeSpan.FromMilliseconds(20);

    /// <summary>The two clocks are not read at the same moment.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(10);

    public static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);

    private readonly EvidenceLedger _ledger;
    private readonly IActorRef _cluster;
    private readonly ActorEnvironment _environment;
    private readonly ILogger _log;
    private readonly CoalescingWindow _sending;
    private readonly CoalescingWindow _viewing;
    private readonly HashSet<EndpointId> _touched = [];
    private OwnerMap _owners;

    public EvidenceActor(IActorRef cluster, ActorEnvironment environment)
    {
        _ledger = environment.Evidence;
        _cluster = cluster;
        _environment = environment;
        _log = environment.Loggers.CreateLogger<EvidenceActor>();
        _sending = new(environment.Clock, Self, Tick.SendWindowOver);
        _viewing = new(environment.Clock, Self, Tick.ViewWindowOver);
        _owners = OwnersBy(environment.Views.Current);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private enum Tick
    {
        Beat,
        SendWindowOver,
        ViewWindowOver,
        MayBeStale,
    }

    private TimeSpan Now => _environment.Now;

    private EvidenceBook Book => _ledger.Book!;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(ClusterChanged));
        Context.System.EventStream.Subscribe(Self, typeof(FromReplica));
        Context.System.EventStream.Subscribe(Self, typeof(AgreementChanged));
        foreach (var (endpoint, (actor, _)) in _ledger.Endpoints)
        {
            Context.WatchWith(actor, new WatcherEnded(endpoint, actor));
        }

        var view = _environment.Views.Current;
        PassPauses();
        _owners = OwnersBy(view);
        Apply(_ledger.Book is { } book ? book.OnView(view, Now) : EvidenceBook.Open(view, Now));
        TellSoon(_ledger.Endpoints.Keys); // Whatever a crash has left untold.
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
                break; // The last word of an endpoint that is forgotten.
            case ForgetEndpoint(var endpoint):
                Forget(endpoint);
                break;
            case WatchEvidence(var endpoint):
                Watch(endpoint, Sender);
                break;
            case FromReplica(var from, var said):
                Hear(from, said);
                break;
            case ClusterChanged(var view):
                See(view);
                break;
            case AgreementChanged:
                TellSoon(_owners.Follow(_environment.Agreement.Current));
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
                break; // Another has taken its place.
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Time in which this process did not run makes nobody stale.</summary>
    private void PassPauses()
    {
        var lost = _environment.Lost;
        if (lost - _ledger.Paused > LeastPause)
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
        _ledger.Own = _ledger.Own.See(observed.Endpoint, observed.Sight, observed.Verified, observed.Why, Now, observed.Confirms);
        _environment.Endpoints.Changed(observed.Endpoint);
        SendSoon();
    }

    /// <summary>Only the pool says that an endpoint is gone: that its actor ends is no news of it, the pool makes another.</summary>
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

    private void Hear(ReplicaId from, IWireMessage said)
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
                break; // Others use the link too.
        }
    }

    /// <summary>The first edge goes at once; those that follow soon after it go together.</summary>
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
            _cluster.Tell(new SendToReplica(to, new EvidenceSnapshot(chunk)));
        }
    }

    /// <summary>A sidecar only listens.</summary>
    private void SendToAll(IWireMessage message)
    {
        var view = Book.View;
        if (!view.Self.Sidecar && view.Replicas.Length > 1)
        {
            _cluster.Tell(new SendToAll(message));
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

    /// <summary>Takes over the book, and asks whom it says; whom it touches is not told yet.</summary>
    private void Take(BookStep step)
    {
        _ledger.Book = step.Book;
        foreach (var replica in step.Ask)
        {
            Log.Asked(_log, step.Book.View.Find(replica)?.Name ?? replica.ToString());
            _ledger.CountAsked();
            _cluster.Tell(new SendToReplica(replica, new SendEvidence()));
        }

        if (step.Book.StaleFrom is { } from && !Timers.IsTimerActive(Tick.MayBeStale))
        {
            Timers.StartIn(Tick.MayBeStale, Tick.MayBeStale, from - Now); // It may have passed meanwhile.
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
        [LoggerMessage(40, LogLevel.Debug, "asking {Replica} for all its evidence: it is new here, or a message from it was lost", EventName = "evidence-asked")]
        public static partial void Asked(ILogger logger, string replica);
    }
}
