using System.Collections.Immutable;
using Gateway.Core.Balancing;
using Gateway.Core.Breaking;
using Gateway.Core.Connecting;
using Gateway.Core.Endpoints;
using Gateway.Core.Health;
using Gateway.Core.Outliers;
using Gateway.Core.Overload;
using Gateway.Core.Retrying;
using Gateway.Core.Zones;

namespace Gateway.Core.Pools;

/// <summary>The settings of a pool: its endpoints, one strategy, one set of policies. Already validated.</summary>
public sealed record PoolSettings
{
    /// <summary>The name of the pool for requests without a route.</summary>
    public const string DefaultName = "default";

    public required string Name { get; init; }

    /// <summary>Distinct addresses. May be empty: such a pool answers 503.</summary>
    public required ImmutableArray<EndpointSettings> Endpoints { get; init; }

    public Strategy Strategy { get; init; } = Strategy.RoundRobin;

    /// <summary>
    /// For a hashing strategy: the percentage of the average that an endpoint may have in flight before the strategy's next choice is tried. Default 0:
    /// no bound; otherwise 101 to 65,535. Lower is more even and moves more clients. See <see cref="LoadBound"/>.
    /// </summary>
    public int HashBalanceFactor { get; init; }

    public HealthPolicy Health { get; init; } = HealthPolicy.Default;

    public BreakerPolicy Breaker { get; init; } = BreakerPolicy.Default;

    public RetryPolicy Retry { get; init; } = RetryPolicy.Default;

    public TimeoutPolicy Timeouts { get; init; } = TimeoutPolicy.Default;

    public ConnectionPolicy Connections { get; init; } = ConnectionPolicy.Default;

    public SlowStartPolicy SlowStart { get; init; } = SlowStartPolicy.Off;

    /// <summary>The outlier detection settings. Default null: off.</summary>
    public OutlierPolicy? Outliers { get; init; }

    /// <summary>The adaptive limit on the pool's requests waiting for an answer at one gateway. Default null: off.</summary>
    public ConcurrencyPolicy? AdaptiveConcurrency { get; init; }

    public ZonePolicy Zones { get; init; } = ZonePolicy.Default;

    public HostPolicy Host { get; init; } = HostPolicy.Preserve;

    /// <summary>
    /// The share of available endpoints (in percent) below which all are used. Default 0: off, no endpoint available means 503.
    /// </summary>
    public int PanicThreshold { get; init; }

    /// <summary>
    /// Maximum attempts in flight at one endpoint, from all gateways together. Default null: each gateway is limited by its own connections.
    /// 1 to 1,000,000. An endpoint's own setting takes precedence.
    /// </summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>Whether all but the endpoints is equal to the other's.</summary>
    public bool HasPoliciesOf(PoolSettings other) => this with { Endpoints = other.Endpoints } == other;

    /// <summary>Returns the attempts one gateway may have in flight at an endpoint: its part of the shared limit, within its connections.</summary>
    /// <param name="gateways">The number of gateways that share the limit.</param>
    public int MaxInFlight(EndpointSettings endpoint, int gateways) =>
        (endpoint.MaxConcurrency ?? MaxConcurrency) is { } limit
            ? Math.Min(Connections.Max, SharedLimit.PartOf(limit, gateways))
            : Connections.Max;
}
