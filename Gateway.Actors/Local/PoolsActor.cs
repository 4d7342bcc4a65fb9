using System.Collections.Immutable;
using Akka.Actor;
using Gateway.Actors.Cluster;
using Gateway.Actors.Overrides;
using Gateway.Actors.Supervision;
using Gateway.Actors.Surroundings;
using Gateway.Core.Membership;
using Gateway.Core.Pools;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Local;

/// <summary>
/// Owns the set of pools, with one router for each. The pools themselves are passed in, so they survive a crash of this actor and of
/// the routers; requests continue with the last published pickers.
/// </summary>
public sealed partial class PoolsActor : UntypedActor, IWithTimers
{
    /// <summary>The delay before a router that has not confirmed the newest settings is asked again: its answer may be lost in a crash.</summary>
    public static readonly TimeSpan AskAgainInterval = TimeSpan.FromSeconds(1);

    /// <summary>The time routers have to apply new settings: generous, for a busy machine that starts many at once.</summary>
    public static readonly TimeSpan SettingsTimeout = TimeSpan.FromSeconds(50);

    /// <summary>The time they have for an operator's change; shorter than the operator's own wait.</summary>
    public static readonly TimeSpan OverridesTimeout = TimeSpan.FromSeconds(8);

    private readonly Dictionary<string, ConfiguredPool> _pools;
    private readonly KnownGateways _gateways;
    private readonly RouterActors _actors;
    private readonly OverridesHolder _overrides;
    private readonly ActorClock _clock;
    private readonly ILogger _log;
    private readonly Dictionary<string, IActorRef> _routers = [];
    private readonly Dictionary<string, long> _unsettled = [];
    private readonly List<Asker> _askers = [];
    private string _seen = "";
    private long _revision;
    private int _created;

    /// <param name="pools">The pools by name, changed by this actor only. Kept by the creator of the props, beyond a restart.</param>
    /// <param name="gateways">Their recent number is kept likewise.</param>
    /// <param name="actors">Creates routers.</param>
    /// <param name="overrides">The operators' changes.</param>
    internal PoolsActor(
        Dictionary<string, ConfiguredPool> pools, KnownGateways gateways, RouterActors actors, OverridesHolder overrides, ActorClock clock, ILoggerFactory loggers)
    {
        (_pools, _gateways, _actors, _overrides, _clock) = (pools, gateways, actors, overrides, clock);
        _log = loggers.CreateLogger<PoolsActor>();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private enum Tick
    {
        FewerGateways,
        AskAgain,
    }

    protected override SupervisorStrategy SupervisorStrategy() =>
        _actors.Strategy(cause => Log.RouterCrashed(_log, cause));

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(ClusterChanged));
        Context.System.EventStream.Subscribe(Self, typeof(ActorRestored));
        Count();
        foreach (var (pool, configured, _) in _pools.Values.ToList())
        {
            Start(pool);
            Reconfigure(pool, configured); // The crash may have come between an operator's change and its application.
        }
    }

    protected override void PreRestart(Exception reason, object message)
    {
        // Pending requests are lost: fail them instead of letting the askers wait.
        _askers.ForEach(asker => asker.Who.Tell(new Status.Failure(new NotInForceException(reason.Message)), Self));
        base.PreRestart(reason, message);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ConfigurePools(var wanted):
                Expect(Sender, SettingsTimeout, isOperator: false);
                Configure(wanted);
                Answer();
                break;
            case ClusterChanged or Tick.FewerGateways:
                Count();
                TellOfReplicas();
                break;
            case ReapplyOverrides:
                Expect(Sender, OverridesTimeout, isOperator: true);
                Reapply();
                Answer();
                break;
            case ToEndpoint(var endpoint, _):
                if (_routers.TryGetValue(endpoint.Pool, out var owner))
                {
                    owner.Forward(message);
                }

                break;
            case PoolReconfigured(var name, var revision) when _unsettled.TryGetValue(name, out var newest) && revision >= newest:
                _unsettled.Remove(name);
                Answer();
                break;
            case PoolReconfigured:
                break; // An answer for outdated settings.
            case Tick.AskAgain:
                AskAgain();
                break;
            case ActorRestored:
                foreach (var router in _routers.Values)
                {
                    router.Tell(message);
                }

                break;
            case RouterEnded(var name, var router) when router.Equals(_routers.GetValueOrDefault(name)):
                _actors.Ended(name);
                Log.RouterEnded(_log, name, AskAgainInterval.TotalSeconds);
                Timers.StartIn(name, new MakeRouter(name), AskAgainInterval);
                break;
            case RouterEnded:
                break; // Its pool is gone, or another router has replaced it.
            case MakeRouter(var name):
                if (_pools.TryGetValue(name, out var orphan))
                {
                    Start(orphan.Pool);
                    Reconfigure(orphan.Pool, orphan.Configured);
                }

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
            _actors.Removed(_pools[gone].Pool);
            _pools.Remove(gone);
            _unsettled.Remove(gone);
        }

        foreach (var settings in wanted)
        {
            if (!_pools.TryGetValue(settings.Name, out var known))
            {
                var wantedNow = _overrides.Current.Apply(settings);
                _pools[settings.Name] = known = new(new Pool(wantedNow, settings), settings, wantedNow);
                Start(known.Pool);
            }

            Reconfigure(known.Pool, settings);
        }
    }

    /// <summary>Counts the gateways. A decrease takes effect only after a while.</summary>
    private void Count()
    {
        var now = _clock.Now;
        _gateways.Recent = _gateways.Recent.Observe(_gateways.View.Gateways.Length, now);
        if (_gateways.Recent.FallsAt(now) is { } falls)
        {
            Timers.StartIn(Tick.FewerGateways, Tick.FewerGateways, falls - now);
        }
    }

    /// <summary>Tells the pools of changes in the recent number of gateways and in their zones; they need nothing else of the cluster.</summary>
    private void TellOfReplicas()
    {
        var places = _gateways.View.ReachableGateways.CountBy(replica => replica.Zone ?? ClusterView.NoZone);
        var seen = $"{_gateways.Recent.At(_clock.Now)}: {string.Join(' ', places.OrderBy(p => p.Key, StringComparer.Ordinal))}";
        if (seen != _seen)
        {
            _seen = seen;
            foreach (var router in _routers.Values)
            {
                router.Tell(new ReplicasChanged());
            }
        }
    }

    private void Reapply()
    {
        var overrides = _overrides.Current;
        foreach (var (pool, configured, _) in _pools.Values.Where(p => !p.Settings.Endpoints.SequenceEqual(overrides.Apply(p.Configured).Endpoints)).ToList())
        {
            Reconfigure(pool, configured);
        }
    }

    /// <summary>Sends the pool's router the settings with the operators' changes.</summary>
    private void Reconfigure(Pool pool, PoolSettings configured)
    {
        _pools[pool.Name] = new(pool, configured, _overrides.Current.Apply(configured));
        _unsettled[pool.Name] = ++_revision;
        Send(pool.Name, _revision);
        if (!Timers.IsTimerActive(Tick.AskAgain))
        {
            Timers.StartPeriodicTimer(Tick.AskAgain, Tick.AskAgain, AskAgainInterval);
        }
    }

    private void Send(string pool, long revision)
    {
        var (_, configured, settings) = _pools[pool];
        _routers[pool].Tell(new ReconfigurePool(revision, settings, configured));
    }

    /// <summary>Records an asker. It is answered once no pool that had changed by then is pending.</summary>
    private void Expect(IActorRef asker, TimeSpan timeout, bool isOperator) => _askers.Add(new(asker, _clock.Now + timeout, isOperator));

    private void AskAgain()
    {
        foreach (var (name, revision) in _unsettled)
        {
            Send(name, revision);
        }

        var now = _clock.Now;
        foreach (var late in _askers.Where(asker => asker.Until <= now).ToList())
        {
            var why = $"no confirmation from: {string.Join(", ", _unsettled.Keys.Order(StringComparer.Ordinal))}";
            Log.NotInForce(_log, why);
            late.Who.Tell(new Status.Failure(new NotInForceException(why)), Self);
            _askers.Remove(late);
        }

        if (_unsettled.Count == 0)
        {
            Timers.Cancel(Tick.AskAgain);
        }
    }

    private void Answer()
    {
        if (_unsettled.Count == 0)
        {
            var configured = new PoolsConfigured(_pools.ToImmutableDictionary(known => known.Key, known => known.Value.Pool));
            _askers.ForEach(asker => asker.Who.Tell(asker.IsOperator ? new ChangeAnswer.InForce() : configured, Self));
            _askers.Clear();
        }
    }

    private void Start(Pool pool)
    {
        var router = Context.ActorOf(_actors.Of(pool), $"{Uri.EscapeDataString(pool.Name)}-{++_created}");
        Context.WatchWith(router, new RouterEnded(pool.Name, router));
        _routers[pool.Name] = router;
        _actors.Started(pool.Name);
    }

    /// <param name="IsOperator">Whether it has changed an override; otherwise the settings.</param>
    private sealed record Asker(IActorRef Who, TimeSpan Until, bool IsOperator);

    private sealed record RouterEnded(string Pool, IActorRef Router);

    private sealed record MakeRouter(string Pool);

    private static partial class Log
    {
        [LoggerMessage(30, LogLevel.Error, "a router crashed; restarting it", EventName = "router-crashed")]
        public static partial void RouterCrashed(ILogger logger, Exception cause);

        [LoggerMessage(31, LogLevel.Error, "the router of pool {Pool} keeps crashing; restarting it in {Delay:0} s, requests use its last snapshot until then", EventName = "router-stopped")]
        public static partial void RouterEnded(ILogger logger, string pool, double delay);

        [LoggerMessage(32, LogLevel.Error, "new settings were not applied in time: {Why}", EventName = "settings-late")]
        public static partial void NotInForce(ILogger logger, string why);
    }
}
