using Akka.Actor;
using Gateway.Actors.Cluster.Options;
using Gateway.Actors.Supervision;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Cluster;

/// <summary>
/// Keeps this replica in the cluster: creates the disposable actor system for membership and remoting, watches it, and creates another when
/// it has ended. All other actors receive members and messages through the event stream; none waits for it, and traffic continues whatever
/// its state.
/// <code>
/// Starting --listening--> Seeking --a seed's cluster joined, or formed--> Member
///    ^                       |                                              | downed, refused, or yielding to a larger cluster
///    '----- ended -----------+-- Ending &lt;----------------------------------'
/// </code>
/// </summary>
public sealed partial class ClusterActor : UntypedActor, IWithTimers
{
    /// <summary>The time limit for leaving as a whole (each step has its own) before the old system is abandoned.</summary>
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(15);

    private readonly ClusterOptions _options;
    private readonly ClusterViews _views;
    private readonly IClusterObserver _observer;
    private readonly Keepers _keepers;
    private readonly ActorClock _clock;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;
    private readonly Roster _roster;
    private ClusterNode? _node;
    private bool _ending;
    private RejoinReason? _why;
    private IActorRef? _leaveRequester;
    private Seeking? _seeking;
    private Rivalry _rivalry;
    private HostPort? _yieldedTo;
    private (HostPort Seed, TimeSpan At)? _joining;
    private TimeSpan _askedAt;
    private bool _hasBeenMember;
    private int _port;

    /// <param name="views">Written by this actor only.</param>
    /// <param name="keepers">Creates the keepers of the cluster's system.</param>
    public ClusterActor(ClusterOptions options, ClusterViews views, IClusterObserver observer, Keepers keepers, ActorClock clock, ILoggerFactory loggers)
    {
        (_options, _views, _observer, _keepers, _clock, _loggers) = (options, views, observer, keepers, clock, loggers);
        _log = loggers.CreateLogger<ClusterActor>();
        _roster = new(_options);
        _rivalry = new(_options.Times.AskAsMember);
        _port = _options.Address?.Port ?? 0;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private ClusterView View => _views.Current;

    protected override void PreStart()
    {
        Publish();
        if (_options.Address is not null)
        {
            Start();
        }
    }

    protected override void PostStop() => _ = _node?.LeaveAsync();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case SendToReplica or SendToAll:
                _node?.Link.Tell(message); // In a cluster of one there is no receiver.
                break;
            case IAboutLife about when about.Life != _node?.Id:
                break; // A message of an earlier incarnation.
            case NodeEnded(_, var downed):
                Ended(_why ?? (downed ? RejoinReason.Downed : RejoinReason.Failed));
                break;
            case Abandon:
                Log.Abandoned(_log, LeaveTimeout.TotalSeconds);
                Ended(_why ?? RejoinReason.Failed);
                break;
            case IAboutLife when _ending:
                break;
            case Tick:
                Ask();
                AskAgainAfter(_roster.IsMember ? _options.Times.AskName : _options.Times.AskAlone);
                break;
            case MembersSeen seen:
                Follow(seen);
                break;
            case LinkStarted:
                _node!.Link.Tell(new FollowView(_roster.IsMember ? View : null));
                break;
            case ReplicaReported(_, var from, var report):
                Learn(from, report);
                Hear(from, report.Cluster);
                break;
            case ReplicaAsked(_, var from, var cluster):
                Hear(from, cluster);
                break;
            case Refused(_, var by):
                Log.Refused(_log, by);
                End(RejoinReason.Refused);
                break;
            case NodeStarted(var node):
                Begin(node);
                break;
            case Status.Failure { Cause: var cause }:
                Log.NotStarted(_log, $"{_options.Address!.Value with { Port = _port }}", cause.GetBaseException().Message.ReplaceLineEndings(" "));
                _observer.Rejoining(RejoinReason.Failed);
                Timers.StartSingleTimer(StartAgain.Instance, StartAgain.Instance, _options.Times.Retry);
                break;
            case StartAgain:
                Start();
                break;
            case IClusterCommand command:
                Sender.Tell(Execute(command));
                break;
            case LeaveCluster:
                _leaveRequester = Sender;
                Leave();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // A system takes some hundred milliseconds to start, and blocks meanwhile.
    private void Start()
    {
        var (options, port) = (_options, _port);
        var links = new ActorLinks(Self, Context.System.EventStream, _observer, _keepers, _loggers);
        Task.Run(() => ClusterNode.StartAsync(options, port, links)).PipeTo(Self, success: node => new NodeStarted(node));
    }

    private void Begin(ClusterNode node)
    {
        var now = _clock.Now;
        (_node, _port, _askedAt) = (node, node.Port, now);
        _seeking = new(node.Id.ClusterAddress, _options.Seeds, FirstStart: !_hasBeenMember, now, _options.Times.Seek);
        node.EndedAsync().PipeTo(Self, success: downed => new NodeEnded(node.Id, downed));
        Publish();
        AskAgainAfter(TimeSpan.Zero);
        if (_leaveRequester is not null)
        {
            Leave();
        }
    }

    /// <summary>Ends this incarnation. The next begins when it has ended.</summary>
    private void End(RejoinReason? why)
    {
        (_ending, _why) = (true, why);
        _roster.Clear();
        _ = _node!.LeaveAsync();
        Timers.StartSingleTimer(typeof(Abandon), new Abandon(_node.Id), LeaveTimeout);
        Publish();
    }

    private void Ended(RejoinReason why)
    {
        Timers.CancelAll();
        _roster.Clear();
        (_node, _ending, _why, _seeking, _rivalry, _joining) = (null, false, null, null, new(_options.Times.AskAsMember), null);
        Publish();
        if (_leaveRequester is not null)
        {
            Log.Left(_log);
            _leaveRequester.Tell(new ClusterLeft());
            return;
        }

        Log.Rejoining(_log, Log.Words(why));
        _observer.Rejoining(why);
        Start();
    }

    private void Leave()
    {
        if (_node is null)
        {
            _leaveRequester!.Tell(new ClusterLeft()); // A system still starting ends as soon as it has started.
        }
        else if (!_ending)
        {
            End(why: null);
        }
    }

    private void Follow(MembersSeen seen)
    {
        if (_roster.Follow(seen))
        {
            (_hasBeenMember, _yieldedTo) = (true, null);
            Publish();
        }
        else if (_roster.IsMember)
        {
            // Akka ends the system of a downed member itself; ending it again does no harm, and limits the time.
            End(RejoinReason.Downed);
        }
    }

    private void Publish()
    {
        var (before, view) = (View, _roster.Compose());
        _node?.Link.Tell(new FollowView(_roster.IsMember ? view : null));
        if (view.Equals(before))
        {
            return;
        }

        // If this replica is out itself, it knows nothing of the others.
        foreach (var (replica, what) in _roster.IsMember ? ViewChange.Between(before, view) : [])
        {
            Log.Changed(_log, Log.LevelOf(what), replica.Name, replica.Zone ?? "none", Log.Words(what), view.Gateways.Length);
        }

        _views.Current = view;
        Context.System.EventStream.Publish(new ClusterChanged(view));
    }

    private sealed record NodeStarted(ClusterNode Node);

    private sealed record NodeEnded(ReplicaId Life, bool Downed) : IAboutLife;

    private sealed record Abandon(ReplicaId Life) : IAboutLife;

    private sealed record Tick(ReplicaId Life) : IAboutLife;

    private sealed class StartAgain
    {
        public static readonly StartAgain Instance = new();
    }
}
