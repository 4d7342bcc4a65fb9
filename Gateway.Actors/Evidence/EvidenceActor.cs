using Akka.Actor;
using Gateway.Actors.Cluster;
using Gateway.Core.Endpoints;
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

    public static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);

    private readonly EvidenceLedger _ledger;
    private readonly IActorRef _cluster;
    private readonly ActorEnvironment _environment;
    private readonly ILogger _log;

    public EvidenceActor(IActorRef cluster, ActorEnvironment environment)
    {
        _ledger = environment.Evidence;
        _cluster = cluster;
        _environment = environment;
        _log = environment.Loggers.CreateLogger<EvidenceActor>();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private enum Tick
    {
        Beat,
        SendWindowOver,
        MayBeStale,
    }

    private TimeSpan Now => _environment.Now;

    private EvidenceBook Book => _ledger.Book!;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(ClusterChanged));
        Context.System.EventStream.Subscribe(Self, typeof(FromReplica));
        foreach (var (actor, _) in _ledger.Endpoints.Values)
        {
            Context.Watch(actor);
        }

        var view = _environment.Views.Current;
        Apply(_ledger.Book is { } book ? book.OnView(view, Now) : EvidenceBook.Open(view, Now), viewChanged: true);
        Timers.StartPeriodicTimer(Tick.Beat, Tick.Beat, BeatInterval);
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ObserveEndpoint observed:
                Observe(observed);
                break;
            case WatchEvidence(var endpoint):
                Watch(endpoint, Sender);
                break;
            case FromReplica(var from, var said):
                Hear(from, said);
                break;
            case ClusterChanged(var view):
                Apply(Book.OnView(view, Now), viewChanged: true);
                break;
            case Tick.Beat:
                SendToAll(new EvidenceBeat(_ledger.Own.Last));
                Apply(Book.OnTime(Now));
                break;
            case Tick.MayBeStale:
                Apply(Book.OnTime(Now));
                break;
            case Tick.SendWindowOver:
                SendEdges();
                break;
            case Terminated terminated:
                Forget(terminated.ActorRef);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Watch(EndpointId endpoint, IActorRef actor)
    {
        var evidence = Book.About(endpoint);
        _ledger.Endpoints[endpoint] = (actor, evidence);
        Context.Watch(actor);
        actor.Tell(new EvidenceChanged(evidence));
    }

    private void Observe(ObserveEndpoint observed)
    {
        _ledger.Own = _ledger.Own.See(observed.Endpoint, observed.Sight, observed.Verified, observed.Why, Now);
        _environment.Endpoints.Changed(observed.Endpoint);
        SendSoon();
    }

    /// <summary>An endpoint's actor has ended; another may have taken its place already.</summary>
    private void Forget(IActorRef actor)
    {
        foreach (var endpoint in _ledger.Endpoints.Where(e => e.Value.Actor.Equals(actor)).Select(e => e.Key).ToList())
        {
            _ledger.Endpoints.Remove(endpoint);
            _ledger.Own = _ledger.Own.Forget(endpoint);
        }

        SendSoon();
    }

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
        if (_ledger.Own.HasUnsent && !Timers.IsTimerActive(Tick.SendWindowOver))
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

            Timers.StartSingleTimer(Tick.SendWindowOver, Tick.SendWindowOver, Coalescing);
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

    private void Apply(BookStep step, bool viewChanged = false)
    {
        _ledger.Book = step.Book;
        foreach (var replica in step.Ask)
        {
            Log.Asked(_log, step.Book.View.Find(replica)?.Name ?? replica.ToString());
            _ledger.CountAsked();
            _cluster.Tell(new SendToReplica(replica, new SendEvidence()));
        }

        IEnumerable<EndpointId> touched = viewChanged ? [.. _ledger.Endpoints.Keys] : step.Touched;
        foreach (var endpoint in touched)
        {
            Tell(endpoint);
        }

        if (step.Book.StaleFrom is { } from && !Timers.IsTimerActive(Tick.MayBeStale))
        {
            Timers.StartSingleTimer(Tick.MayBeStale, Tick.MayBeStale, from - Now);
        }
    }

    private void Tell(EndpointId endpoint)
    {
        if (_ledger.Endpoints.TryGetValue(endpoint, out var known) && Book.About(endpoint) is var evidence && !evidence.Equals(known.Told))
        {
            _ledger.Endpoints[endpoint] = (known.Actor, evidence);
            known.Actor.Tell(new EvidenceChanged(evidence));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(40, LogLevel.Debug, "{Replica} is asked for all its evidence: it is new here, or something it said did not come")]
        public static partial void Asked(ILogger logger, string replica);
    }
}
