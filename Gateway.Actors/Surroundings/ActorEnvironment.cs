using Gateway.Actors.Cluster.Options;
using Gateway.Core.Addressing;
using Gateway.Core.Pools;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Surroundings;

/// <summary>What the actors use of the process around them.</summary>
/// <param name="Clock">The clock of the whole replica.</param>
/// <param name="Random">Random numbers in [0, 1), for jitter. Called by one actor at a time.</param>
/// <param name="Probe">Carries probes out.</param>
/// <param name="Observer">Counts what is decided.</param>
/// <param name="Loggers">Where transitions are logged.</param>
/// <param name="MaxConcurrentProbes">Probes in flight at most, verifying ones aside. Default null: as many as the endpoints need, see <see cref="Core.Health.ProbeSlots"/>.</param>
public sealed record ActorEnvironment(
    TimeProvider Clock,
    Func<double> Random,
    IProbe Probe,
    IEndpointObserver Observer,
    ILoggerFactory Loggers,
    int? MaxConcurrentProbes = null)
{
    /// <summary>Who this replica is to the others. Default: a cluster of one.</summary>
    public ClusterOptions Cluster { get; init; } = new() { GatewayId = "gateway" };

    /// <summary>Counts what happens to the cluster. Default: nobody.</summary>
    public IClusterObserver ClusterObserver { get; init; } = new NoClusterObserver();

    /// <summary>Counts what becomes of grants. Default: nobody.</summary>
    public IGrantObserver GrantObserver { get; init; } = IGrantObserver.None;

    /// <summary>Where the newest view of the cluster is kept.</summary>
    public ClusterViews Views { get; init; } = new(new() { GatewayId = "gateway" });

    /// <summary>Where the newest words of operators are kept.</summary>
    public OverridesHolder Overrides { get; init; } = new();

    /// <summary>A number that is the same for the same settings of a pool, on all replicas. Default: of nothing but its name.</summary>
    public Func<PoolSettings, long> PoolDigest { get; init; } = static pool => pool.Name.Aggregate(0L, static (hash, c) => unchecked((hash * 31) + c));

    /// <summary>Where it is kept which replicas have other settings.</summary>
    public SettingsAgreement Agreement { get; init; } = new();

    /// <summary>Where what replicas tell each other is kept.</summary>
    public EvidenceLedger Evidence { get; init; } = new();

    /// <summary>The 99th percentile of an endpoint's recent latencies until the head of the answer; null: nothing was answered lately. Default: never known.</summary>
    public Func<EndpointId, TimeSpan?> Tail { get; init; } = static _ => null;

    /// <summary>Who is told that an endpoint looks otherwise than before.</summary>
    public EndpointFeed Endpoints { get; init; } = new(Clock);

    /// <summary>Where it is kept how the actors do.</summary>
    public Vitals Vitals { get; init; } = new();

    /// <summary>Where it is kept how probes get on.</summary>
    public ProbeLoadHolder ProbeLoad { get; init; } = new();

    /// <summary>A clock that stands still while this process does not run (stopped, moved, starved). Default null: it always runs.</summary>
    public TimeProvider? Running { get; init; }

    /// <summary>The time that this process has run: what waits for an endpoint or a replica is timed by it.</summary>
    public TimeSpan Ran => Running?.GetElapsedTime(0) ?? Now;

    /// <summary>For how long this process has not run so far: time in which nobody could be heard, and nobody is to blame for.</summary>
    public TimeSpan Lost
    {
        get
        {
            // In this order, so that what passes between the two reads is not taken for lost.
            var now = Now;
            return Running?.GetElapsedTime(0) is { } ran && now > ran ? now - ran : TimeSpan.Zero;
        }
    }

    /// <summary>Now, by the monotonic clock.</summary>
    public TimeSpan Now => Clock.GetElapsedTime(0);
}
