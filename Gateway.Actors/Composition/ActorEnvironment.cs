using Gateway.Actors.Cluster.Options;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Pools;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Composition;

/// <summary>The services of the process that the actors use. No actor gets it: <see cref="ActorFactory"/> gives each what it needs.</summary>
/// <param name="Clock">The replica's clock.</param>
/// <param name="Random">Returns random numbers in [0, 1), for jitter. Called by one actor at a time.</param>
/// <param name="Probe">Sends probes.</param>
/// <param name="Observer">Counts and announces decisions.</param>
/// <param name="Loggers">Creates the loggers for transitions.</param>
/// <param name="MaxConcurrentProbes">
/// Maximum probes in flight, without verifying ones. Default null: as many as the endpoints need, see <see cref="Core.Health.ProbeSlots"/>.
/// </param>
public sealed record ActorEnvironment(
    TimeProvider Clock,
    Func<double> Random,
    IProbe Probe,
    IEndpointObserver Observer,
    ILoggerFactory Loggers,
    int? MaxConcurrentProbes = null)
{
    /// <summary>This replica's identity in the cluster. Default: a cluster of one.</summary>
    public ClusterOptions Cluster { get; init; } = new() { GatewayId = "gateway" };

    /// <summary>Counts cluster events. Default: none.</summary>
    public IClusterObserver ClusterObserver { get; init; } = new NoClusterObserver();

    /// <summary>Counts grants. Default: none.</summary>
    public IGrantObserver GrantObserver { get; init; } = IGrantObserver.None;

    /// <summary>The newest view of the cluster.</summary>
    public ClusterViews Views { get; init; } = new(new() { GatewayId = "gateway" });

    /// <summary>The newest operators' changes.</summary>
    public OverridesHolder Overrides { get; init; } = new();

    /// <summary>Computes a digest that is equal for equal settings of a pool, on all replicas. Default: a digest of the name only.</summary>
    public Func<PoolSettings, long> PoolDigest { get; init; } = static pool => pool.Name.Aggregate(0L, static (hash, c) => unchecked((hash * 31) + c));

    /// <summary>The replicas with different settings.</summary>
    public SettingsAgreement Agreement { get; init; } = new();

    /// <summary>The evidence exchanged between replicas.</summary>
    public EvidenceLedger Evidence { get; init; } = new();

    /// <summary>Returns the 99th percentile of an endpoint's recent latencies to the head; null without recent answers. Default: always null.</summary>
    public Func<EndpointId, TimeSpan?> Tail { get; init; } = static _ => null;

    /// <summary>The health of the actors.</summary>
    public Vitals Vitals { get; init; } = new();

    /// <summary>The current probe load.</summary>
    public ProbeLoadHolder ProbeLoad { get; init; } = new();

    /// <summary>A clock that stands still while this process does not run (stopped, migrated, starved). Default null: it always runs.</summary>
    public TimeProvider? Running { get; init; }

    /// <summary>The time, for the actors.</summary>
    public ActorClock Time => new(Clock, Running);
}
