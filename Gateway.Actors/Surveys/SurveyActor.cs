using Akka.Actor;
using Gateway.Actors.Cluster;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Actors.Surveys;

/// <summary>
/// Asks all replicas for their state of an endpoint, so that an operator gets the same answer everywhere, and sees when the endpoint is drained.
/// </summary>
public sealed class SurveyActor : UntypedActor, IWithTimers
{
    /// <summary>The time the others have to answer.</summary>
    public static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(1);

    private readonly Func<EndpointId, EndpointAccount?> _own;
    private readonly Peers _peers;
    private readonly Dictionary<long, Open> _open = [];
    private long _last;

    /// <param name="own">Returns this replica's state of an endpoint; null if it does not have it.</param>
    public SurveyActor(Func<EndpointId, EndpointAccount?> own, Peers peers) => (_own, _peers) = (own, peers);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(FromReplica<ISurveyMessage>));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SurveyEndpoint(var endpoint):
                Ask(endpoint);
                break;
            case FromReplica<ISurveyMessage>(var from, AskAccount(var endpoint, var question)):
                _peers.Send(from, new AccountGiven(question, _own(endpoint)));
                break;
            case FromReplica<ISurveyMessage>(var from, AccountGiven answer) when _open.TryGetValue(answer.Question, out var open):
                open.Answers[from] = answer.Account;
                CloseIfComplete(answer.Question, open);
                break;
            case FromReplica<ISurveyMessage> { Message: AccountGiven }:
                break; // Too late.
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
        var view = _peers.View;
        var open = new Open(Sender, [.. view.Replicas.Where(r => r.Reachable && IsIn(r)).Select(r => r.Id), view.Self.Id]);
        open.Answers[view.Self.Id] = _own(endpoint);
        _open[++_last] = open;
        Timers.StartSingleTimer(_last, new TimeIsUp(_last), ReplyTimeout);
        if (open.Asked.Count > 1)
        {
            _peers.SendToAll(new AskAccount(endpoint, _last));
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
        var view = _peers.View;
        open.Asker.Tell(new EndpointSurvey(
        [
            .. view.ByName.Where(r => r.Id == view.Self.Id || open.Answers.ContainsKey(r.Id) || IsIn(r)).Select(r => new ReplicaAccount(
                r.Name, r.Zone, r.Reachable, open.Answers.TryGetValue(r.Id, out var account), account)),
        ]));
    }

    private static bool IsIn(Replica replica) => replica.Status is ReplicaStatus.Up or ReplicaStatus.WeaklyUp;

    private sealed record TimeIsUp(long Question);

    private sealed record Open(IActorRef Asker, HashSet<ReplicaId> Asked)
    {
        public Dictionary<ReplicaId, EndpointAccount?> Answers { get; } = [];
    }
}
