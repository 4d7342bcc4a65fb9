using System.Collections.Immutable;
using Akka.Actor;
using Gateway.Actors.Cluster;
using Gateway.Core.Pools;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Local;

/// <summary>
/// Owns which pools there are: one router for each. The pools themselves are handed in, so they survive a crash of this actor and of
/// the routers; requests go on with the pickers last published.
/// </summary>
public sealed partial class PoolsActor : UntypedActor, IWithTimers
{
    private readonly Dictionary<string, Pool> _pools;
    private readonly GatewayCounts _gateways;
    private readonly Dictionary<string, IActorRef> _routers = [];
    private readonly Neighbours _neighbours;
    private readonly ActorEnvironment _environment;
    private readonly ILogger _log;
    private readonly HashSet<string> _awaited = [];
    private readonly List<IActorRef> _askers = [];
    private int _created;

    /// <param name="pools">The pools in force, which this actor alone changes. Kept by whoever makes the props, beyond a restart.</param>
    /// <param name="gateways">How many gateways there were lately. Kept likewise.</param>
    public PoolsActor(Dictionary<string, Pool> pools, GatewayCounts gateways, Neighbours neighbours, ActorEnvironment environment)
    {
        _pools = pools;
        _gateways = gateways;
        _neighbours = neighbours;
        _environment = environment;
        _log = environment.Loggers.CreateLogger<PoolsActor>();
    }

    /// <summary>The props of a pools actor that starts with none.</summary>
    public static Props Props(Neighbours neighbours, ActorEnvironment environment)
    {
        var (pools, gateways) = (new Dictionary<string, Pool>(), new GatewayCounts());
        return Akka.Actor.Props.Create(() => new PoolsActor(pools, gateways, neighbours, environment));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private enum Tick
    {
        FewerGateways,
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
    {
        Log.RouterCrashed(_log, cause);
        return Directive.Restart;
    });

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(ClusterChanged));
        Count();
        foreach (var pool in _pools.Values)
        {
            Start(pool);
        }
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ConfigurePools(var wanted):
                _askers.Add(Sender);
                Configure(wanted);
                Answer();
                break;
            case ClusterChanged or Tick.FewerGateways:
                Count();
                foreach (var router in _routers.Values)
                {
                    router.Tell(new ReplicasChanged());
                }

                break;
            case ReapplyOverrides:
                _askers.Add(Sender);
                Reapply();
                Answer();
                break;
            case ToEndpoint(var endpoint, _):
                if (_routers.TryGetValue(endpoint.Pool, out var owner))
                {
                    owner.Forward(message);
                }

                break;
            case PoolReconfigured(var name):
                _awaited.Remove(name);
                Answer();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Configure(ImmutableArray<PoolSettings> wanted)
    {
        foreach (var gone in _pools.Keys.Except(wanted.Select(p => p.Name)).ToList())
        {
            Context.Stop(_routers[gone]);
            _routers.Remove(gone);
            foreach (var endpoint in _pools[gone].Endpoints)
            {
                _environment.Observer.Removed(endpoint);
            }

            _pools.Remove(gone);
            _awaited.Remove(gone);
        }

        foreach (var settings in wanted)
        {
            if (!_pools.TryGetValue(settings.Name, out var pool))
            {
                _pools[settings.Name] = pool = new Pool(settings);
                Start(pool);
            }

            pool.Configured = settings;
            Reconfigure(pool);
        }
    }

    /// <summary>Takes in how many gateways there are. That fewer are left counts only after a while.</summary>
    private void Count()
    {
        var now = _environment.Now;
        _gateways.Recent = _gateways.Recent.Observe(_environment.Views.Current.Gateways.Length, now);
        if (_gateways.Recent.FallsAt(now) is { } falls)
        {
            Timers.StartSingleTimer(Tick.FewerGateways, Tick.FewerGateways, falls - now);
        }
    }

    private void Reapply()
    {
        foreach (var pool in _pools.Values.Where(p => !p.Settings.Endpoints.SequenceEqual(_environment.Overrides.Current.Apply(p.Configured).Endpoints)))
        {
            Reconfigure(pool);
        }
    }

    /// <summary>Brings into force what the settings say, and operators have said since.</summary>
    private void Reconfigure(Pool pool)
    {
        pool.Settings = _environment.Overrides.Current.Apply(pool.Configured);
        _awaited.Add(pool.Name);
        _routers[pool.Name].Tell(new ReconfigurePool());
    }

    private void Answer()
    {
        if (_awaited.Count == 0)
        {
            var configured = new PoolsConfigured(_pools.ToImmutableDictionary());
            _askers.ForEach(asker => asker.Tell(configured, Self));
            _askers.Clear();
        }
    }

    private void Start(Pool pool)
    {
        var (gateways, neighbours, environment) = (_gateways, _neighbours, _environment);
        _routers[pool.Name] = Context.ActorOf(
            Akka.Actor.Props.Create(() => new RouterActor(pool, gateways, neighbours, environment)),
            $"{Uri.EscapeDataString(pool.Name)}-{++_created}");
    }

    private static partial class Log
    {
        [LoggerMessage(30, LogLevel.Error, "a router crashed and is restarted")]
        public static partial void RouterCrashed(ILogger logger, Exception cause);
    }
}
