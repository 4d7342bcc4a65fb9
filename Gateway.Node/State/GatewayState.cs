using System.Collections.Immutable;
using Gateway.Actors.Cluster.Options;
using Gateway.Actors.Surroundings;
using Gateway.Core.Health;
using Gateway.Core.Membership;
using Gateway.Core.Pools;
using Gateway.Node.Limiting;
using Gateway.Node.Routing;
using Gateway.Node.Settings;

namespace Gateway.Node.State;

/// <summary>What the process goes by now: settings and routes, swapped as one at a reload, and whether it is ready or leaving.</summary>
internal sealed class GatewayState(
    TimeProvider clock, ClusterOptions cluster, ClusterViews views, EvidenceLedger evidence, OverridesHolder overrides, Vitals vitals)
{
    /// <summary>How long <c>/ready</c> waits for what others know, and for the first probe of every endpoint that nobody knows.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private Routing? _routing;
    private TimeSpan? _configuredAt;
    private volatile bool _ready;
    private volatile bool _warm;
    private volatile bool _draining;

    /// <summary>The routes in force. Throws before the pools are configured; nothing listens until then.</summary>
    public Routing Current => Configured ?? throw new InvalidOperationException("the pools are not configured yet");

    /// <summary>The same; null before the pools are configured.</summary>
    public Routing? Configured => Volatile.Read(ref _routing);

    /// <summary>Whether this replica is about to leave: set once, never cleared.</summary>
    public bool Draining => _draining;

    /// <summary>
    /// Whether balancers may send here: once each kind of request has been through the warm-up, the other replicas and operators have been heard, and
    /// every endpoint that nobody in this zone knows has had its first probe; for all but the warm-up it waits 5 s at most. A sidecar does not wait for the
    /// others: its application is, and what it has probed itself will do until they are heard. From then on only leaving clears it.
    /// </summary>
    public bool Ready
    {
        get
        {
            if (!_ready && _warm && Configured is { } routing)
            {
                _ready = clock.GetElapsedTime(0) - _configuredAt >= Patience ||
                    ((cluster.Sidecar || (IsToldAll && overrides.IsRead)) && routing.Pools.Values.All(IsInformed));
            }

            return _ready && !_draining;
        }
    }

    /// <summary>Which actors are out, by kind, with how many and for how long the first of them; empty while all run. It serves on without them.</summary>
    public ImmutableArray<Impairment> Impaired
    {
        get
        {
            if (vitals.IsWhole)
            {
                return [];
            }

            var now = clock.GetElapsedTime(0);
            return [.. vitals.Outages.GroupBy(o => o.Kind).Select(kind => new Impairment(kind.Key, kind.Count(), now - kind.Min(o => o.Since)))];
        }
    }

    public void Publish(Routing routing)
    {
        _configuredAt ??= clock.GetElapsedTime(0);
        Volatile.Write(ref _routing, routing);
    }

    /// <summary>Each kind of request has been through the warm-up, which may go on in the background, or there was none.</summary>
    public void WarmedUp() => _warm = true;

    public void Drain() => _draining = true;

    /// <summary>Whether this replica has joined and holds the evidence of each other that it can reach. A cluster of one has nobody to ask.</summary>
    private bool IsToldAll =>
        cluster.Address is null
        || (views.Current is { Self.Status: ReplicaStatus.Up or ReplicaStatus.WeaklyUp, Self.Id.Uid: not 0 } view
            && evidence.Book is { Complete: true } book
            && ReferenceEquals(book.View, view));

    private static bool IsInformed(Pool pool) => pool.Snapshot is var now
        && (now.Settings.Health.Probe.Kind == ProbeKind.None || now.Members.All(m => !m.Endpoint.Status.Decision.IsUninformed));

    /// <param name="Settings">The settings that the routes were made of.</param>
    /// <param name="Table">The routes, each with its pool.</param>
    /// <param name="Pools">The pools, by name.</param>
    public sealed record Routing(GatewaySettings Settings, RouteTable<Pool> Table, ImmutableDictionary<string, Pool> Pools)
    {
        /// <summary>The line that answers over TLS have; null: none.</summary>
        public byte[]? HstsLine { get; } = State.HstsLine.Of(Settings.Tls?.Hsts);

        /// <summary>Which requests are served at all; null: all are.</summary>
        public ServedRequests? Served { get; } = ServedRequests.Of(Settings.Clients, Settings.Hosts);

        /// <summary>Whether httpcg URLs mean anything: some route names planes, or there is a listener for them.</summary>
        public bool TakesHttpcg { get; } = Table.HasPlanes || Settings.HttpcgAddress is not null;

        /// <summary>The rate limits of the routes, with their buckets.</summary>
        public RateLimiters Limiters { get; init; } = RateLimiters.None;
    }
}
