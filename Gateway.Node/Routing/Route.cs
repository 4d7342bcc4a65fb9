namespace Gateway.Node.Routing;

/// <summary>A route with its target, looked up once when the table is built.</summary>
/// <param name="Settings">The route's settings.</param>
/// <param name="Target">The pool; default if the route answers by itself or splits its requests.</param>
public sealed record Route<T>(RouteSettings Settings, T? Target)
{
    /// <summary>The loops' counters of it.</summary>
    internal RouteTallies Tallies { get; } = new();

    /// <summary>The paths that it matches.</summary>
    internal RoutePath Path { get; } = RoutePath.Of(Settings);

    /// <summary>How requests are split; null: they are not.</summary>
    internal RouteSplit<T>? Split { get; init; }

    /// <summary>Where copies of requests go; null: none are made.</summary>
    internal RouteMirror<T>? Mirror { get; init; }

    /// <summary>Its actions besides choosing a pool; null: none.</summary>
    internal RouteActions? Actions { get; init; }
}
