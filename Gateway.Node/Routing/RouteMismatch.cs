namespace Gateway.Node.Routing;

/// <summary>The condition of a route that a request does not meet.</summary>
internal enum RouteMismatchKind
{
    /// <summary>All conditions are met.</summary>
    None,
    Plane,
    Host,
    Path,
    Header,
    Query,

    /// <summary>All others are met.</summary>
    Method,
}

/// <summary>Why a route does not match a request.</summary>
/// <param name="Kind">The condition.</param>
/// <param name="Index">The index among several headers or parameters.</param>
internal readonly record struct RouteMismatch(RouteMismatchKind Kind, int Index = 0);
