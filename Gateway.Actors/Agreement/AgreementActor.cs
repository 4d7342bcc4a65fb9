using System.Collections.Immutable;
using Akka.Actor;
using Gateway.Actors.Cluster;
using Gateway.Actors.Surroundings;
using Gateway.Core.Membership;
using Gateway.Core.Pools;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Agreement;

/// <summary>
/// Sends the other replicas a digest of each pool's settings, compares theirs with its own, and reports the differences. Replicas with different settings
/// still share evidence on common endpoints, but do not rely on each other to probe a pool that differs: its endpoints may be missing there.
/// </summary>
public sealed partial class AgreementActor : UntypedActor, IWithTimers
{
    /// <summary>The interval of checks of the settings; each is sent to the others.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>The time after which a difference is not a reload in progress.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly Func<IReadOnlyList<Pool>> _pools;
    private readonly Func<PoolSettings, long> _digest;
    private readonly Peers _peers;
    private readonly SettingsAgreement _agreement;
    private readonly ActorClock _clock;
    private readonly ILogger _log;
    private readonly Dictionary<string, (PoolSettings Settings, long Digest)> _digests = [];
    private SettingsComparison _comparison = new(Grace);

    /// <param name="pools">Returns the pools in force.</param>
    /// <param name="digest">Computes a digest that is equal for equal settings of a pool, on all replicas.</param>
    /// <param name="agreement">Written by this actor only.</param>
    public AgreementActor(
        Func<IReadOnlyList<Pool>> pools, Func<PoolSettings, long> digest, Peers peers, SettingsAgreement agreement, ActorClock clock, ILoggerFactory loggers)
    {
        (_pools, _digest, _peers, _agreement, _clock) = (pools, digest, peers, agreement, clock);
        _log = loggers.CreateLogger<AgreementActor>();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private enum Tick
    {
        Check,
    }

    private TimeSpan Now => _clock.Now;

    private ClusterView View => _peers.View;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(FromReplica<IAgreementMessage>));
        Timers.StartPeriodicTimer(Tick.Check, Tick.Check, Interval);
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Tick.Check:
                Check();
                break;
            case FromReplica<IAgreementMessage>(var from, SettingsTold(var digests)) when View.Find(from) is { Sidecar: false }:
                _comparison = _comparison.Hear(from, digests, Now);
                Conclude();
                break;
            case FromReplica<IAgreementMessage> { Message: SettingsTold }:
                break; // From a sidecar, or from a replica that is not in the view.
            default:
                Unhandled(message);
                break;
        }
    }

    private void Check()
    {
        var pools = _pools();
        if (pools.Count == 0)
        {
            return; // Not configured yet.
        }

        _comparison = _comparison.Keep(View.Replicas.Select(r => r.Id), Now).WithOwn(pools.ToImmutableSortedDictionary(p => p.Name, Digest), Now);
        if (View is { Self.Sidecar: false, Replicas.Length: > 1 })
        {
            _peers.SendToAll(new SettingsTold(_comparison.Own));
        }

        Conclude();
    }

    private void Conclude()
    {
        var (before, now) = (_agreement.Current, _comparison.Differences(Now));
        _agreement.Current = now;
        if (!Same(before, now))
        {
            Context.System.EventStream.Publish(new AgreementChanged());
        }

        foreach (var (replica, pools) in now)
        {
            var known = before.GetValueOrDefault(replica, []);
            if (pools.SequenceEqual(known))
            {
                continue;
            }

            if (pools.IsEmpty)
            {
                Log.Same(_log, NameOf(replica));
            }
            else
            {
                Log.Different(_log, NameOf(replica), string.Join(", ", pools));
            }
        }
    }

    private static bool Same(
        ImmutableSortedDictionary<ReplicaId, ImmutableArray<string>> before, ImmutableSortedDictionary<ReplicaId, ImmutableArray<string>> now) =>
        before.Count == now.Count && now.All(replica => before.TryGetValue(replica.Key, out var pools) && pools.SequenceEqual(replica.Value));

    private string NameOf(ReplicaId replica) => View.Find(replica)?.Name ?? replica.Address;

    private long Digest(Pool pool)
    {
        var settings = pool.Snapshot.Configured;
        if (!_digests.TryGetValue(pool.Name, out var known) || !ReferenceEquals(known.Settings, settings))
        {
            _digests[pool.Name] = known = (settings, _digest(settings));
        }

        return known.Digest;
    }

    private static partial class Log
    {
        [LoggerMessage(93, LogLevel.Warning, "{Replica} has different settings than this replica for: {Pools}", EventName = "settings-differ")]
        public static partial void Different(ILogger logger, string replica, string pools);

        [LoggerMessage(94, LogLevel.Information, "{Replica} has the same settings as this replica again", EventName = "settings-agree")]
        public static partial void Same(ILogger logger, string replica);
    }
}
