using System.Runtime.CompilerServices;
using Gateway.Core.Pools;

namespace Gateway.Node.Routing;

/// <summary>A route's own timeouts and retries over its pool's settings. Built once per edition of the pool's settings.</summary>
internal sealed class PolicyOverlay
{
    private readonly ConditionalWeakTable<PoolSettings, PoolSettings> _made = [];
    private readonly ConditionalWeakTable<PoolSettings, PoolSettings>.CreateValueCallback _make;

    private PolicyOverlay(RouteSettings route) => _make = pool => pool with
    {
        Timeouts = pool.Timeouts with
        {
            Request = route.RequestTimeout ?? pool.Timeouts.Request,
            Try = route.TryTimeout ?? pool.Timeouts.Try,
            Idle = route.IdleTimeout ?? pool.Timeouts.Idle,
        },
        Retry = pool.Retry with { Attempts = route.RetryAttempts ?? pool.Retry.Attempts },
    };

    /// <summary>null if the route has no policies of its own.</summary>
    public static PolicyOverlay? Of(RouteSettings route) =>
        route is { RequestTimeout: null, TryTimeout: null, IdleTimeout: null, RetryAttempts: null } ? null : new(route);

    public PoolSettings Over(PoolSettings pool) => _made.GetValue(pool, _make);
}
