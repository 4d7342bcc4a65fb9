using System.Collections.Immutable;
using Akka.Actor;
using Gateway.Core.Pools;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Local;

/// <summary>
/// Owns which pools there are: one router for each. The pools themselves are handed in, so they survive a crash of this actor and of
/// the routers; requests go on with the pickers last published.
/// </summary>
public sealed partial class PoolsActor : UntypedActor
{
    private readonly Dictionary<string, Pool> _pools;
    private readonly Dictionary<string, IActorRef> _routers = [];
    private readonly Neighbours _neighbours;
    private readonly ActorEnvironment _environment;
    private readonly ILogger _log;
    private readonly HashSet<string> _awaited = [];
    private readonly List<IActorRef> _askers = [];
    private int _created;

    /// <param name="pools">The pools in force, which this actor alone changes. Kept by whoever makes the props, beyond a restart.</param>
    public PoolsActor(Dictionary<string, Pool> pools, Neighbours neighbours, ActorEnvironment environment)
    {
        _pools = pools;
        _neighbours = neighbours;
        _environment = environment;
        _log = environment.Loggers.CreateLogger<PoolsActor>();
    }

    /// <summary>The props of a pools actor that starts with none.</summary>
    public static Props Props(Neighbours neighbours, ActorEnvironment environment)
    {
        var pools = new Dictionary<string, Pool>();
        return Akka.Actor.Props.Create(() => new PoolsActor(pools, neighbours, environment));
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
    {
        Log.RouterCrashed(_log, cause);
        return Directive.Restart;
    });

    protected override void PreStart()
    {
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

            pool.Settings = settings;
            _awaited.Add(settings.Name);
            _routers[settings.Name].Tell(new ReconfigurePool());
        }
    }

    private void Answer()
    {
        if (_awaited.Count == 0)
        {
            var configured = new PoolsConfigured(_pools.ToImmutableDictionary());
            _askers.ForEach(asker => asker.Tell(configured));
            _askers.Clear();
        }
    }

    private void Start(Pool pool)
    {
        var (neighbours, environment) = (_neighbours, _environment);
        _routers[pool.Name] = Context.ActorOf(
            Akka.Actor.Props.Create(() => new RouterActor(pool, neighbours, environment)),
            $"{Uri.EscapeDataString(pool.Name)}-{++_created}");
    }

    private static partial class Log
    {
        [LoggerMessage(30, LogLevel.Error, "a router crashed and is restarted")]
        public static partial void RouterCrashed(ILogger logger, Exception cause);
    }
}
