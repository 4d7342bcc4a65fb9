using Akka.Actor;
using Gateway.Actors.Cluster;
using Gateway.Actors.Inspection;
using Gateway.Core.Endpoints;
using Gateway.Core.Membership;

namespace Gateway.Actors.Draining;

/// <summary>Counts what is in flight at an endpoint on all replicas, so that an operator sees when it is drained. One question at a time for each asker.</summary>
public sealed class InFlightActor : UntypedActor, IWithTimers
{
    /// <summary>How long the others may take to answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly IReplica _replica;
    private readonly ClusterViews _views;
    private readonly IActorRef _cluster;
    private readonly Dictionary<long, Open> _open = [];
    private long _last;

    public InFlightActor(IReplica replica, ClusterViews views, IActorRef cluster) => (_replica, _views, _cluster) = (replica, views, cluster);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(FromReplica));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CountInFlightEverywhere(var endpoint):
                Ask(endpoint);
                break;
            case FromReplica(var from, CountInFlight(var endpoint, var question)):
                var (inFlight, draining) = CountHere(endpoint);
                _cluster.Tell(new SendToReplica(from, new InFlightCounted(question, inFlight, draining)));
                break;
            case FromReplica(var from, InFlightCounted answer) when _open.TryGetValue(answer.Question, out var open):
                open.Answers[from] = answer;
                CloseIfComplete(answer.Question, open);
                break;
            case FromReplica:
                break; // Not for this actor, or too late.
            case TimeIsUp(var question) when _open.TryGetValue(question, out var open):
                Close(question, open);
                break;
            case TimeIsUp:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Ask(EndpointId endpoint)
    {
        var open = new Open(Sender, endpoint, [.. Others(_views.Current).Where(r => r.Reachable).Select(r => r.Id)]);
        _open[++_last] = open;
        Timers.StartSingleTimer(_last, new TimeIsUp(_last), Patience);
        if (open.Asked.Count > 0)
        {
            _cluster.Tell(new SendToAll(new CountInFlight(endpoint, _last)));
        }

        CloseIfComplete(_last, open);
    }

    private void CloseIfComplete(long question, Open open)
    {
        if (open.Asked.All(open.Answers.ContainsKey))
        {
            Close(question, open);
        }
    }

    private void Close(long question, Open open)
    {
        Timers.Cancel(question);
        _open.Remove(question);
        var view = _views.Current;
        var (inFlight, draining) = CountHere(open.Endpoint);
        var others = Others(view).Select(r => open.Answers.TryGetValue(r.Id, out var answer)
            ? new ReplicaInFlight(r.Name, r.Reachable, answer.InFlight, answer.Draining)
            : new ReplicaInFlight(r.Name, r.Reachable, null, false));
        open.Asker.Tell(new InFlightEverywhere([new(view.Self.Name, Reachable: true, inFlight, draining), .. others]));
    }

    private static IEnumerable<Replica> Others(ClusterView view) =>
        view.Replicas.Where(r => r.Id != view.Self.Id && r.Status is (ReplicaStatus.Up or ReplicaStatus.WeaklyUp));

    private (int InFlight, bool Draining) CountHere(EndpointId id) =>
        _replica.Pools.SelectMany(p => p.Endpoints).FirstOrDefault(e => e.Id == id) is { } endpoint
            ? (endpoint.Cell.InFlight, endpoint.Draining)
            : (0, true);

    private sealed record TimeIsUp(long Question);

    private sealed record Open(IActorRef Asker, EndpointId Endpoint, HashSet<ReplicaId> Asked)
    {
        public Dictionary<ReplicaId, InFlightCounted> Answers { get; } = [];
    }
}
