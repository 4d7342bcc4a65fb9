using System.Collections.Immutable;
using Akka.Actor;
using Gateway.Actors.Cluster;
using Gateway.Core.Analytics;
using Gateway.Core.Membership;

namespace Gateway.Actors.Analytics;

/// <summary>
/// Collects the counts of all replicas and adds them up. Only on request: replicas do not exchange them otherwise. A replica whose version
/// does not know the request does not answer, and is listed as missing.
/// </summary>
public sealed class AnalyticsActor : UntypedActor, IWithTimers
{
    /// <summary>The time the others have to answer.</summary>
    public static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(1);

    private readonly Func<AnalyticsQuery, ImmutableArray<SeriesReading>> _own;
    private readonly Peers _peers;
    private readonly Dictionary<long, Open> _open = [];
    private long _last;

    /// <param name="own">Returns this replica's counts.</param>
    public AnalyticsActor(Func<AnalyticsQuery, ImmutableArray<SeriesReading>> own, Peers peers) => (_own, _peers) = (own, peers);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(FromReplica<IAnalyticsMessage>));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GetClusterAnalytics(var query):
                Ask(query);
                break;
            case FromReplica<IAnalyticsMessage>(var from, AskAnalytics(var question, var query)):
                foreach (var part in AnalyticsParts.Of(question, _own(query)))
                {
                    _peers.Send(from, part);
                }

                break;
            case FromReplica<IAnalyticsMessage>(var from, AnalyticsGiven part) when _open.TryGetValue(part.Question, out var open) && open.Waiting.Contains(from):
                Take(open, from, part);
                CloseIfComplete(part.Question, open);
                break;
            case FromReplica<IAnalyticsMessage> { Message: AnalyticsGiven }:
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

    private void Ask(AnalyticsQuery query)
    {
        var view = _peers.View;
        var open = new Open(Sender, query, view);
        open.Series.AddRange(_own(query));
        _open[++_last] = open;
        if (open.Waiting.Count > 0)
        {
            Timers.StartSingleTimer(_last, new TimeIsUp(_last), ReplyTimeout);
            _peers.SendToAll(new AskAnalytics(_last, query));
        }

        CloseIfComplete(_last, open);
    }

    /// <summary>Adds a part of a replica's answer, which counts once all parts are there: some of its series must not be taken for all.</summary>
    private static void Take(Open open, ReplicaId from, AnalyticsGiven part)
    {
        if (part.Parts is < 1 or > AnalyticsParts.MaxParts || part.Index < 0 || part.Index >= part.Parts || part.LeftOut < 0)
        {
            return;
        }

        if (!open.Parts.TryGetValue(from, out var parts))
        {
            open.Parts.Add(from, parts = []);
        }

        parts[part.Index] = part;
        if (parts.Count == part.Parts)
        {
            open.Waiting.Remove(from);
            open.Parts.Remove(from);
            open.Answered.Add(from);
            open.Series.AddRange(parts.Values.SelectMany(p => p.Series).Select(series => AskedFor(series, open.Query)).Where(series => !series.Windows.IsEmpty));
            open.LeftOut += part.LeftOut;
        }
    }

    /// <summary>Keeps only the requested windows: a replica of another version may send more.</summary>
    private static SeriesReading AskedFor(SeriesReading series, AnalyticsQuery query) =>
        series with { Windows = query.Wants(series.Key.Kind) ? [.. series.Windows.Where(window => query.Windows.Contains(window.Window))] : [] };

    private void CloseIfComplete(long question, Open open)
    {
        if (open.Waiting.Count == 0)
        {
            Close(question, open);
        }
    }

    private void Close(long question, Open open)
    {
        Timers.Cancel(question);
        _open.Remove(question);
        var self = open.Asked.Self.Id;
        var counted = open.Asked.ByName.Where(r => r.Id == self || IsMember(r)).ToLookup(r => r.Id == self || open.Answered.Contains(r.Id));
        open.Asker.Tell(new ClusterAnalytics(
            SeriesReading.Merge(open.Series), [.. counted[true].Select(r => r.Name)], [.. counted[false].Select(r => new MissingReplica(r.Name, WhyMissing(r)))], open.LeftOut));
    }

    /// <summary>Whether a replica may have counts; leaving ones are not asked.</summary>
    private static bool IsMember(Replica replica) => replica.Status is ReplicaStatus.Up or ReplicaStatus.WeaklyUp or ReplicaStatus.Leaving or ReplicaStatus.Exiting;

    private static bool IsLeaving(Replica replica) => replica.Status is ReplicaStatus.Leaving or ReplicaStatus.Exiting;

    private static string WhyMissing(Replica replica) =>
        IsLeaving(replica) ? "is leaving" : replica.Reachable ? $"no answer within {ReplyTimeout.TotalSeconds:0} s" : "cannot be reached";

    private sealed record TimeIsUp(long Question);

    /// <param name="asked">The view at the time of asking: the answer is based on it, whatever changes meanwhile.</param>
    private sealed class Open(IActorRef asker, AnalyticsQuery query, ClusterView asked)
    {
        public IActorRef Asker => asker;

        public AnalyticsQuery Query => query;

        public ClusterView Asked => asked;

        /// <summary>The replicas that have not answered yet.</summary>
        public HashSet<ReplicaId> Waiting { get; } = [.. asked.Replicas.Where(r => r.Reachable && IsMember(r) && !IsLeaving(r) && r.Id != asked.Self.Id).Select(r => r.Id)];

        public HashSet<ReplicaId> Answered { get; } = [];

        /// <summary>The parts of incomplete answers.</summary>
        public Dictionary<ReplicaId, Dictionary<int, AnalyticsGiven>> Parts { get; } = [];

        public List<SeriesReading> Series { get; } = [];

        public int LeftOut { get; set; }
    }
}
