using Gateway.Core.Pools;
using Gateway.Node.Routing;

namespace Gateway.Node.Engine;

/// <summary>How a request is handled before a backend is picked.</summary>
internal enum RoutingKind
{
    /// <summary>Sent to a pool.</summary>
    Pool,

    /// <summary>Refused with a problem document.</summary>
    Refused,

    /// <summary>Answered by the route, without a backend.</summary>
    Answered,

    /// <summary>Redirected to TLS.</summary>
    ToTls,

    /// <summary>Answered here, because of its Max-Forwards or as OPTIONS *.</summary>
    LastStop,
}

/// <param name="Kind">The kind.</param>
/// <param name="Pool">Set except for refusals without a route.</param>
/// <param name="LargestBody">The largest body, in bytes.</param>
/// <param name="Problem">Set for refusals.</param>
/// <param name="Route">The route that decided it; null: none matched, or none was searched for.</param>
internal readonly record struct RoutingResult(
    RoutingKind Kind, Pool? Pool = null, long LargestBody = long.MaxValue, Problem? Problem = null, Route<Pool>? Route = null);
