using Gateway.Core.Pools;
using Gateway.Node.Routing;

namespace Gateway.Node.Engine;

/// <summary>What becomes of a request before any backend is asked.</summary>
internal enum RoutingKind
{
    /// <summary>It goes to a pool.</summary>
    Pool,

    /// <summary>It is refused with a problem document.</summary>
    Refused,

    /// <summary>The route answers it, without a backend.</summary>
    Answered,

    /// <summary>It is to come again over TLS.</summary>
    ToTls,

    /// <summary>It ends here, by its Max-Forwards or since it asks about the server.</summary>
    LastStop,
}

/// <param name="Kind">Which of them.</param>
/// <param name="Pool">For all but a refusal without a route.</param>
/// <param name="LargestBody">In bytes.</param>
/// <param name="Problem">For a refusal.</param>
/// <param name="Route">What decided it; null: no route was found, or none was looked for.</param>
internal readonly record struct RoutingResult(
    RoutingKind Kind, Pool? Pool = null, long LargestBody = long.MaxValue, Problem? Problem = null, Route<Pool>? Route = null);
