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

/// <summary>The process's state: settings and routes in force, swapped as one at a reload, and whether it is ready or draining.</summary>
internal sealed class GatewayState(
    TimeProvider clock, ClusterOptions cluster, ClusterViews views, EvidenceLedger evidence, OverridesHolder overrides, Vitals vitals)
{
    /// <summary>How long <c>/ready</c> waits for other replicas' evidence, and for the first probe of every endpoint without any.</summary>
    private static readonly TimeSpan EvidenceTimeout = TimeSpan.FromSeconds(5);

    private Routing? _routing;
    private TimeSpan? _configuredAt;
    private volatile bool _ready;
    private volatile bool _warm;
    private volatile bool _draining;

    /// <summary>The routes in force. Throws before the pools are configured; nothing listens until then.</summary>
    public Routing Current => Configured ?? throw new InvalidOperationException("the pools are not configured yet");

    /// <summary>The routes in force; null before the pools are configured.</summary>
    public Routing? Configured => Volatile.Read(ref _routing);

    /// <summary>Whether this replica is about to stop: set once, never cleared.</summary>
    public bool Draining => _draining;

    /// <summary>
    /// Whether balancers may send requests here: each kind of request has been through the warm-up, the other replicas and operators' changes are known, and
    /// every endpoint without evidence in this zone has had its first probe; it waits at most 5 s for everything except the warm-up. A sidecar does not wait
    /// for the others: its application is waiting, and its own probes suffice until then. Once set, only draining clears it.
    /// </summary>
    public bool Ready
    {
        get
        {
            if (!_ready && _warm && Configured is { } routing)
            {
                _ready = clock.GetElapsedTime(0) - _configuredAt >= EvidenceTimeout ||
                    ((cluster.Sidecar || (HasAllEvidence && overrides.IsRead)) && routing.Pools.Values.All(IsInformed));
            }

            return _ready && !_draining;
        }
    }

    /// <summary>
    /// The kinds of actors that are down, with their number and the time since the first failed; empty while all run. Requests are served without them.
    /// </summary>
    public ImmutableArray<Impairment> Impaired
    {
        get
        {
            if (vitals.AllUp)
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

    /// <summary>Called when each kind of request has been through the warm-up, which may continue in the background, or when there is none.</summary>
    public void WarmedUp() => _warm = true;

    public void Drain() => _draining = true;

    /// <summary>Whether this replica has joined and has the evidence of every other that it can reach. A cluster of one needs none.</summary>
    private bool HasAllEvidence =>
        cluster.Address is null
        || (views.Current is { Self.Status: ReplicaStatus.Up or ReplicaStatus.WeaklyUp, Self.Id.Uid: not 0 } view
            && evidence.Book is { Complete: true } book
            && ReferenceEquals(book.View, view));

    private static bool IsInformed(Pool pool) => pool.Snapshot is var now
        && (now.Settings.Health.Probe.Kind == ProbeKind.None || now.Members.All(m => !m.Endpoint.Status.Decision.IsUninformed));

    /// <param name="Settings">The settings from which the routes were created.</param>
    /// <param name="Table">The routes, each with its pool.</param>
    /// <param name="Pools">The pools, by name.</param>
    public sealed record Routing(GatewaySettings Settings, RouteTable<Pool> Table, ImmutableDictionary<string, Pool> Pools)
    {
        /// <summary>The HSTS line of answers over TLS; null: none.</summary>
        public byte[]? HstsLine { get; } = State.HstsLine.Of(Settings.Tls?.Hsts);

        /// <summary>Which requests are served at all; null: all.</summary>
        public ServedRequests? Served { get; } = ServedRequests.Of(Settings.Clients, Settings.Hosts);

        /// <summary>Whether httpcg URLs are recognized: some route has planes, or there is a listener for them.</summary>
        public bool AcceptsHttpcg { get; } = Table.HasPlanes || Settings.HttpcgAddress is not null;

        /// <summary>The rate limits of the routes, with their buckets.</summary>
        public RateLimiters Limiters { get; init; } = RateLimiters.None;
    }
}
