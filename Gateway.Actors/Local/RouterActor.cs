using Akka.Actor;
using Gateway.Actors.Supervision;
using Gateway.Actors.Surroundings;
using Gateway.Actors.Timing;
using Gateway.Core.Addressing;
using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Pools;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Local;

/// <summary>
/// Owns one pool: it alone publishes the pool's snapshots, at new settings and when an endpoint's status changes. Requests read
/// the newest one without asking. Supervises the endpoint actors: one that crashes is restarted with its endpoint and cell.
/// </summary>
public sealed partial class RouterActor : UntypedActor, IWithTimers
{
    /// <summary>Publications within this time are batched, so that a flapping pool does not build pickers in a loop.</summary>
    public static readonly TimeSpan Coalescing = TimeSpan.FromMilliseconds(10);

    private readonly Pool _pool;
    private readonly KnownGateways _gateways;
    private readonly EndpointActors _endpoints;
    private readonly Func<EndpointId, TimeSpan?> _tail;
    private readonly IEndpointObserver _observer;
    private readonly ActorClock _clock;
    private readonly ILogger _log;
    private readonly Dictionary<EndpointAddress, IActorRef> _actors = [];
    private readonly Dictionary<EndpointAddress, (Standing Wanted, Standing Got)> _claims = [];
    private readonly CoalescingWindow _publishing;
    private int _available = -1;
    private int _created;
    private bool _panic;
    private bool _stale;

    /// <param name="endpoints">Creates the actors of endpoints.</param>
    /// <param name="tail">Returns the 99th percentile of an endpoint's recent latencies to the head; null without recent answers.</param>
    public RouterActor(
        Pool pool, KnownGateways gateways, EndpointActors endpoints, Func<EndpointId, TimeSpan?> tail, IEndpointObserver observer, ActorClock clock, ILoggerFactory loggers)
    {
        (_pool, _gateways, _endpoints, _tail, _observer, _clock) = (pool, gateways, endpoints, tail, observer, clock);
        _log = loggers.CreateLogger<RouterActor>();
        _publishing = new(clock.Provider, Self, Tick.PublishWindowOver);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private enum Tick
    {
        PublishWindowOver,
        SlowStart,
        CheckForStalls,
        JudgeOutliers,
    }

    protected override SupervisorStrategy SupervisorStrategy() =>
        _endpoints.Strategy(cause => Log.EndpointCrashed(_log, cause, _pool.Name));

    protected override void PreStart()
    {
        // None at the first start; after a crash of this actor, its previous ones.
        var snapshot = _pool.Snapshot;
        foreach (var member in snapshot.Members)
        {
            Start(member.Endpoint);
        }

        Reconfigure(snapshot.Settings, snapshot.Configured, joining: !snapshot.Members.IsEmpty);
        _stalls = StallRound.Begin(_clock.Ran);
        Timers.StartPeriodicTimer(Tick.CheckForStalls, Tick.CheckForStalls, StallWatch.Interval);
    }

    protected override void PostStop() => _publishing.Dispose();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case EndpointChanged:
                PublishSoon();
                break;
            case Tick.PublishWindowOver:
                _publishing.Close();
                if (_stale)
                {
                    Publish();
                }

                break;
            case Tick.SlowStart:
                Publish();
                break;
            case Tick.CheckForStalls:
                CheckForStalls();
                break;
            case Tick.JudgeOutliers:
                JudgeOutliers();
                break;
            case ReplicasChanged:
                var snapshot = _pool.Snapshot;
                foreach (var member in snapshot.Members)
                {
                    Configure(member.Cell, member.Settings, snapshot.Settings);
                }

                PublishSoon();
                break;
            case ToEndpoint(var id, var command):
                if (_actors.TryGetValue(id.Address, out var actor))
                {
                    actor.Forward(command);
                }

                break;
            case ReconfigurePool(var revision, var settings, var configured):
                Reconfigure(settings, configured, joining: true);
                Sender.Tell(new PoolReconfigured(_pool.Name, revision));
                break;
            case ActorRestored:
                foreach (var informant in _actors.Values)
                {
                    informant.Tell(new Introduce());
                }

                break;
            case EndpointEnded ended:
                OnEndpointEnded(ended);
                break;
            case MakeEndpoint(var orphan):
                Replace(orphan);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Queued attempts wait for a connection, so there is no queue if the limit on attempts is below that on connections.</summary>
    private void Configure(EndpointCell cell, EndpointSettings endpoint, PoolSettings settings)
    {
        var room = settings.MaxInFlight(endpoint, _gateways.Recent.At(_clock.Now));
        cell.Configure(settings.Breaker, room, maxQueued: room < settings.Connections.Max ? 0 : settings.Connections.QueueSize);
    }
}
