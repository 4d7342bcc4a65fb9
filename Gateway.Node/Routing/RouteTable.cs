using System.Collections.Immutable;
using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Limiting;

namespace Gateway.Node.Routing;

/// <summary>
/// All routes: those of httpcg URLs, which name planes, and those of all other requests, apart from each other, so that neither meets the other's. Immutable;
/// matching allocates nothing. The order in words: docs/routing.md.
/// </summary>
/// <typeparam name="T">What a route leads to: the pool as the process holds it.</typeparam>
public sealed class RouteTable<T>
{
    private readonly HostRules<T> _plain;
    private readonly HostRules<T> _httpcg;

    /// <param name="routes">Without any, everything goes to the pool <c>default</c>, whatever its plane.</param>
    /// <param name="targetOf">What a pool's name stands for; called once for each route.</param>
    /// <param name="keyOf">The affinity key in a file; null: no route has any.</param>
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

    /// <summary>Whether any route names planes.</summary>
    internal bool HasPlanes { get; }

    /// <summary>The route that takes whatever comes without a plane, where it is the only one; null: requests have to be looked at.</summary>
    internal Route<T>? Only => _plain.Only;

    /// <summary>Whether any route of requests of a plane, or without one, goes by the host.</summary>
    internal bool HasHosts(HttpcgPlane plane) => RulesOf(plane).HasHosts;

    /// <summary>Whether any route takes requests of a plane.</summary>
    internal bool HasPlane(HttpcgPlane plane) => RulesOf(plane).All.Any(route => route.Rule.Planes.Has(plane));

    /// <summary>The most specific route that takes the request; null if none does.</summary>
    /// <param name="tried">Told of each route that was held against the request, in order, with what came of it; null: nobody wants to know.</param>
    internal Route<T>? Match(in RoutedRequest request, ICollection<(RouteRule<T> Rule, RouteMismatch Mismatch)>? tried = null) =>
        RulesOf(request.Plane).Match(request, tried);

    /// <summary>The methods with which a request that no route takes would be taken, sorted; empty: none (404 and not 405).</summary>
    internal ImmutableSortedSet<string> MethodsFor(in RoutedRequest request)
    {
        var methods = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var (host, rule) in RulesOf(request.Plane).All)
        {
            if (HostRules<T>.TakesHost(host, request.Host) && rule.Judge(request).Kind == RouteMismatchKind.Method)
            {
                methods.UnionWith(rule.Methods);
            }
        }

        return methods.ToImmutable();
    }

    /// <summary>Every route with each of its hosts: those that requests of a plane, or without one, meet, in that order, then the others; any host is empty.</summary>
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
