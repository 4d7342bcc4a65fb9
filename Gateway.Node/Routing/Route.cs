namespace Gateway.Node.Routing;

/// <summary>A route and what it leads to, looked up once when the table is made.</summary>
/// <param name="Settings">What it was made of.</param>
/// <param name="Target">What it leads to; nothing where the gateway answers by itself, or requests are divided.</param>
public sealed record Route<T>(RouteSettings Settings, T? Target)
{
    /// <summary>What loops count of it.</summary>
    internal RouteTallies Tallies { get; } = new();

    /// <summary>The paths that it takes.</summary>
    internal RoutePath Path { get; } = RoutePath.Of(Settings);

    /// <summary>How requests are divided; null: they are not.</summary>
    internal RouteSplit<T>? Split { get; init; }

    /// <summary>Where copies of requests go; null: none are made.</summary>
    internal RouteMirror<T>? Mirror { get; init; }

    /// <summary>What it does besides choosing; null: nothing.</summary>
    internal RouteActions? Actions { get; init; }
}
