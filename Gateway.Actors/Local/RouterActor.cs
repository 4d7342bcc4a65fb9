using System.Collections.Immutable;
using Akka.Actor;
using Gateway.Actors.Supervision;
using Gateway.Actors.Surroundings;
using Gateway.Actors.Timing;
using Gateway.Core.Addressing;
using Gateway.Core.Balancing;
using Gateway.Core.Cells;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Pools;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Local;

/// <summary>
/// Owns one pool: its endpoints, and its strategy, which it applies by building pickers. Requests read
/// the newest picker without asking. Supervises the endpoint actors: one that crashes is restarted with its endpoint and cell.
/// </summary>
public sealed partial class RouterActor : UntypedActor, IWithTimers
{
    /// <summary>Publications within this time are batched, so that a flapping pool does not build pickers in a loop.</summary>
    public static readonly TimeSpan Coalescing = TimeSpan.FromMilliseconds(10);

    /// <summary>The pause after a publication, as a multiple of its duration: a pool of thousands must not keep a core busy.</summary>
    private const int Rest = 4;

    private static readonly TimeSpan SlowStartStep = TimeSpan.FromSeconds(1);

    private readonly Pool _pool;
    private readonly GatewayCounts _gateways;
    private readonly Neighbours _neighbours;
    private readonly ActorEnvironment _environment;
    private readonly ILogger _log;
    private readonly Dictionary<EndpointAddress, IActorRef> _actors = [];
    private readonly Dictionary<EndpointAddress, (Standing Wanted, Standing Got)> _claims = [];
    private readonly CoalescingWindow _publishing;
    private int _available = -1;
    private int _created;
    private bool _panic;
    private bool _stale;

    public RouterActor(Pool pool, GatewayCounts gateways, Neighbours neighbours, ActorEnvironment environment)
    {
        _pool = pool;
        _gateways = gateways;
        _neighbours = neighbours;
        _environment = environment;
        _log = environment.Loggers.CreateLogger<RouterActor>();
        _publishing = new(environment.Clock, Self, Tick.PublishWindowOver);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private enum Tick
    {
        PublishWindowOver,
        SlowStart,
        LookAtWaiting,
        JudgeOutliers,
    }

    protected override SupervisorStrategy SupervisorStrategy() =>
        RestartStrategy.Of(_environment.Vitals, EndpointKind, cause => Log.EndpointCrashed(_log, cause, _pool.Name));

    protected override void PreStart()
    {
        // None at the first start; after a crash of this actor, its previous ones.
        foreach (var endpoint in _pool.Endpoints)
        {
            Start(endpoint);
        }

        Reconcile(joining: _pool.Endpoints.Length > 0);
        Publish();
        LookForOutliers();
        _lookedAt = _environment.Ran;
        Timers.StartPeriodicTimer(Tick.LookAtWaiting, Tick.LookAtWaiting, StallWatch.Interval);
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
            case Tick.LookAtWaiting:
                LookAtWaiting();
                break;
            case Tick.JudgeOutliers:
                JudgeOutliers();
                break;
            case ReplicasChanged:
                foreach (var endpoint in _pool.Endpoints)
                {
                    Configure(endpoint.Cell, endpoint.Settings);
                }

                PublishSoon();
                break;
            case ToEndpoint(var id, var command):
                if (_actors.TryGetValue(id.Address, out var actor))
                {
                    actor.Forward(command);
                }

                break;
            case ReconfigurePool(var revision):
                Reconcile(joining: true);
                LookForOutliers();
                Publish();
                Sender.Tell(new PoolReconfigured(_pool.Name, revision));
                break;
            case ActorRestored:
                foreach (var informant in _actors.Values)
                {
                    informant.Tell(new Introduce());
                }

                break;
            case EndpointEnded ended:
                Lose(ended);
                break;
            case MakeEndpoint(var orphan):
                Replace(orphan);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void PublishSoon()
    {
        if (_publishing.IsOpen)
        {
            _stale = true;
        }
        else
        {
            Publish();
        }
    }

    private void Publish()
    {
        _stale = false;
        var begun = _environment.Clock.GetTimestamp();
        var (settings, now) = (_pool.Settings, _environment.Now);
        ApplyCap();
        var members = _pool.Endpoints.Select(e => CandidateOf(e, settings.SlowStart, now)).ToList();
        var available = members.Count(m => m.Available);
        RouteByLevel(members);
        _pool.Picker = _pool.Balancing.Build(settings.Strategy, members, _pool.Levels, settings.HashBalanceFactor);
        var panic = _pool.Levels.Any(level => level.Level is { Panic: true, Load: > 0 });

        if (members.Exists(m => m.Factor < 1))
        {
            Timers.StartSingleTimer(Tick.SlowStart, Tick.SlowStart, SlowStartStep);
        }

        if (available != _available)
        {
            _available = available;
            Log.Availability(_log, available < members.Count ? LogLevel.Warning : LogLevel.Information, _pool.Name, available, members.Count);
        }

        if (panic != _panic)
        {
            _panic = panic;
            Log.Panic(_log, _pool.Name, panic ? "too few endpoints are available, so all are used" : "enough endpoints are available again");
        }

        var cost = _environment.Clock.GetElapsedTime(begun) * Rest;
        _publishing.Open(cost > Coalescing ? cost : Coalescing);
    }

    /// <summary>Queued attempts wait for a connection, so there is no queue if the limit on attempts is below that on connections.</summary>
    private void Configure(EndpointCell cell, EndpointSettings endpoint)
    {
        var (settings, connections) = (_pool.Settings, _pool.Settings.Connections);
        var room = settings.MaxInFlight(endpoint, _gateways.Recent.At(_environment.Now));
        cell.Configure(settings.Breaker, room, maxQueued: room < connections.Max ? 0 : connections.QueueSize);
    }

    /// <summary>Applies the cap on ejections by reports, and counts those beyond it.</summary>
    private void ApplyCap()
    {
        var endpoints = _pool.Endpoints;
        var claims = endpoints.Select(e => e.Status.ClaimNow(e.Standing, e.Draining)).ToList();
        var standings = EjectionCap.Apply(claims, OutlierPercent);
        for (var i = 0; i < endpoints.Length; i++)
        {
            var (endpoint, claim, standing) = (endpoints[i], claims[i], standings[i]);
            var was = _claims.GetValueOrDefault(endpoint.Id.Address);
            if (claim.IsHearsay && was != (claim.Wanted, standing))
            {
                _environment.Observer.Claimed(endpoint.Id, claim.Wanted, enforced: standing == claim.Wanted);
                if (standing != claim.Wanted)
                {
                    Log.Capped(_log, endpoint.Id, Log.Words(claim.Wanted));
                }
            }

            _claims[endpoint.Id.Address] = claim.IsHearsay ? (claim.Wanted, standing) : default;
            endpoint.Standing = standing;
        }
    }

    private static double Factor(SlowStartPolicy policy, TimeSpan? from, TimeSpan now) => from is { } begin ? SlowStart.Factor(policy, now - begin) : 1;

    private static Candidate CandidateOf(Endpoint endpoint, SlowStartPolicy slowStart, TimeSpan now)
    {
        var status = endpoint.Status;
        return new(
            endpoint.Cell,
            endpoint.Settings.Weight,
            Math.Min(Factor(slowStart, status.SlowStartFrom, now), Factor(SlowStart.AfterTrials, status.EasedFrom, now)),
            status.Verdict.Verdict == Verdict.Degraded,
            endpoint.Standing != Standing.Out && !endpoint.Draining,
            endpoint.Settings.Zone,
            endpoint.Standing == Standing.Held,
            endpoint.Settings.Priority,
            status.Decision.Kind == DecisionKind.TrialsOnly,
            endpoint.Draining);
    }
}
