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

/// <summary>A pool as configured: its endpoints, one strategy, one set of policies. Validated before it gets here.</summary>
public sealed record PoolSettings
{
    /// <summary>The name of the pool that everything goes to where no route says otherwise.</summary>
    public const string DefaultName = "default";

    public required string Name { get; init; }

    /// <summary>Distinct addresses. May be empty: such a pool answers 503.</summary>
    public required ImmutableArray<EndpointSettings> Endpoints { get; init; }

    public Strategy Strategy { get; init; } = Strategy.RoundRobin;

    /// <summary>
    /// With a strategy that hashes: the percentage of the average that an endpoint may have in flight before the strategy's next choice is asked. Default 0:
    /// no bound; else 101 to 65,535. Lower is more even and moves more clients. See <see cref="LoadBound"/>.
    /// </summary>
    public int HashBalanceFactor { get; init; }

    public HealthPolicy Health { get; init; } = HealthPolicy.Default;

    public BreakerPolicy Breaker { get; init; } = BreakerPolicy.Default;

    public RetryPolicy Retry { get; init; } = RetryPolicy.Default;

    public TimeoutPolicy Timeouts { get; init; } = TimeoutPolicy.Default;

    public ConnectionPolicy Connections { get; init; } = ConnectionPolicy.Default;

    public SlowStartPolicy SlowStart { get; init; } = SlowStartPolicy.Off;

    /// <summary>How endpoints that fail more than the others are found and taken out for a while. Default null: they are not.</summary>
    public OutlierPolicy? Outliers { get; init; }

    /// <summary>How a limit on the requests of the pool that wait for their answer at one gateway adapts to their latency. Default null: there is none.</summary>
    public ConcurrencyPolicy? AdaptiveConcurrency { get; init; }

    public ZonePolicy Zones { get; init; } = ZonePolicy.Default;

    public HostPolicy Host { get; init; } = HostPolicy.Preserve;

    /// <summary>
    /// When less than this share of the endpoints (in percent) is available, all are used. Default 0: off, no endpoint available means 503.
    /// </summary>
    public int PanicThreshold { get; init; }

    /// <summary>
    /// Attempts in flight at one endpoint at most, from all gateways together. Default null: each gateway goes by its own connections.
    /// 1 to 1,000,000. An endpoint's own setting wins.
    /// </summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>Attempts that one gateway may have in flight at an endpoint: its part of the shared limit, within its connections.</summary>
    /// <param name="gateways">How many share the limit.</param>
    public int MaxInFlight(EndpointSettings endpoint, int gateways) =>
        (endpoint.MaxConcurrency ?? MaxConcurrency) is { } limit
            ? Math.Min(Connections.Max, SharedLimit.PartOf(limit, gateways))
            : Connections.Max;
}
