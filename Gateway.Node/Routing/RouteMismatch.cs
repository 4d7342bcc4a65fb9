namespace Gateway.Node.Routing;

/// <summary>The condition of a route that does not hold.</summary>
internal enum RouteMismatchKind
{
    /// <summary>All of them hold.</summary>
    None,
    Plane,
    Host,
    Path,
    Header,
    Query,

    /// <summary>All others hold.</summary>
    Method,
}

/// <summary>Why a route does not take a request.</summary>
/// <param name="Kind">Which condition.</param>
/// <param name="Index">Which of several headers or parameters.</param>
internal readonly record struct RouteMismatch(RouteMismatchKind Kind, int Index = 0);
