using System.Collections.Immutable;
using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Limiting;

namespace Gateway.Node.Routing;

/// <summary>
/// All routes: those of httpcg URLs, by plane, and those of all other requests, kept apart. Immutable; matching allocates nothing. docs/routing.md describes
/// the order.
/// </summary>
/// <typeparam name="T">The target of a route: the process's pool.</typeparam>
public sealed class RouteTable<T>
{
    private readonly HostRules<T> _plain;
    private readonly HostRules<T> _httpcg;

    /// <param name="routes">If empty, everything goes to the pool <c>default</c>, whatever its plane.</param>
    /// <param name="targetOf">Returns the target for a pool's name; called once per route.</param>
    /// <param name="keyOf">Returns the affinity key in a file; null: no route needs one.</param>
    public RouteTable(ImmutableArray<RouteSettings> routes, Func<string, T> targetOf, Func<string, byte[]>? keyOf = null)
        : this(routes, targetOf, keyOf, RateLimiters.None)
    {
    }

    /// <param name="limiters">The rate limits in force.</param>
    internal RouteTable(ImmutableArray<RouteSettings> routes, Func<string, T> targetOf, Func<string, byte[]>? keyOf, RateLimiters limiters)
    {
        keyOf ??= file => throw new InvalidOperationException($"{file} has not been read");
        ImmutableArray<RouteRule<T>> rules = routes.IsEmpty
            ? [new(RouteOf(new() { Name = PoolSettings.DefaultName, Pool = PoolSettings.DefaultName }, targetOf, keyOf, limiters), 0, PlaneSet.Everything)]
            : [.. routes.Select((settings, place) => new RouteRule<T>(RouteOf(settings, targetOf, keyOf, limiters), place, PlaneSet.Of(settings.Planes)))];
        _plain = new(rules.Where(rule => rule.Planes.Has(HttpcgPlane.None)));
        _httpcg = new(rules.Where(rule => HttpcgPlanes.All.Any(rule.Planes.Has)));
        HasPlanes = routes.Any(route => !route.Planes.IsEmpty);
    }

    /// <summary>Whether any route has planes.</summary>
    internal bool HasPlanes { get; }

    /// <summary>The route that takes every request without a plane, if it is the only one; otherwise null.</summary>
    internal Route<T>? Only => _plain.Only;

    /// <summary>Whether any route for requests with a plane, or for those without one, has a host.</summary>
    internal bool HasHosts(HttpcgPlane plane) => RulesOf(plane).HasHosts;

    /// <summary>Whether any route takes requests of a plane.</summary>
    internal bool HasPlane(HttpcgPlane plane) => RulesOf(plane).All.Any(route => route.Rule.Planes.Has(plane));

    /// <summary>The most specific route that matches the request; null if none does.</summary>
    /// <param name="tried">Receives each route compared with the request, in order, with the result; null: not needed.</param>
    internal Route<T>? Match(in RoutedRequest request, ICollection<(RouteRule<T> Rule, RouteMismatch Mismatch)>? tried = null) =>
        RulesOf(request.Plane).Match(request, tried);

    /// <summary>The methods that would match a request which matches no route, sorted; empty: none (404 instead of 405).</summary>
    internal ImmutableSortedSet<string> MethodsFor(in RoutedRequest request)
    {
        var methods = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var (host, rule) in RulesOf(request.Plane).All)
        {
            if (HostRules<T>.MatchesHost(host, request.Host) && rule.Judge(request).Kind == RouteMismatchKind.Method)
            {
                methods.UnionWith(rule.Methods);
            }
        }

        return methods.ToImmutable();
    }

    /// <summary>Every route with each of its hosts: first those for the plane in matching order, then the others; empty means any host.</summary>
    internal IEnumerable<(string Host, RouteRule<T> Rule)> AllFor(HttpcgPlane plane) => RulesOf(plane).All.Concat(_plain.All).Concat(_httpcg.All).Distinct();

    private HostRules<T> RulesOf(HttpcgPlane plane) => plane == HttpcgPlane.None ? _plain : _httpcg;

    private static Route<T> RouteOf(RouteSettings settings, Func<string, T> targetOf, Func<string, byte[]> keyOf, RateLimiters limiters) =>
        new(settings, settings.Pool is { } pool ? targetOf(pool) : default)
        {
            Actions = RouteActions.Of(settings, RoutePath.Of(settings), keyOf, limiters),
            Split = settings.Split is { } split ? new(split, targetOf) : null,
            Mirror = settings.Mirror is { } mirror ? new(settings.Name, mirror, targetOf(mirror.Pool)) : null,
        };
}
