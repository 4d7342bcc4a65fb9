using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Core.Pools;
using Gateway.Node.Limiting;

namespace Gateway.Node.Routing;

/// <summary>
/// All routes, most specific first: exact host, then longest wildcard, then any host; among those of one host by <see cref="RouteRule{T}.CompareTo"/>. If the
/// routes of one host do not take the request, those of the next do. Immutable; matching allocates nothing. The order in words: docs/routing.md.
/// </summary>
/// <typeparam name="T">What a route leads to: the pool as the process holds it.</typeparam>
public sealed class RouteTable<T>
{
    private readonly FrozenDictionary<string, RuleSet<T>>.AlternateLookup<ReadOnlySpan<char>> _exact;
    private readonly ImmutableArray<(string Suffix, RuleSet<T> Rules)> _wildcards;
    private readonly RuleSet<T> _any;

    /// <param name="routes">Without any, everything goes to the pool <c>default</c>.</param>
    /// <param name="targetOf">What a pool's name stands for; called once for each route.</param>
    /// <param name="keyOf">The affinity key in a file; null: no route has any.</param>
    public RouteTable(ImmutableArray<RouteSettings> routes, Func<string, T> targetOf, Func<string, byte[]>? keyOf = null)
        : this(routes, targetOf, keyOf, RateLimiters.None)
    {
    }

    /// <param name="limiters">The rate limits in force.</param>
    internal RouteTable(ImmutableArray<RouteSettings> routes, Func<string, T> targetOf, Func<string, byte[]>? keyOf, RateLimiters limiters)
    {
        keyOf ??= file => throw new InvalidOperationException($"nothing has read {file}");
        if (routes.IsEmpty)
            routes = [new() { Name = PoolSettings.DefaultName, Pool = PoolSettings.DefaultName }];

        var byHost = routes
            .SelectMany((settings, place) =>
            {
                var rule = new RouteRule<T>(RouteOf(settings, place, targetOf, keyOf, limiters), place);
                return settings.Hosts.IsEmpty ? [("", rule)] : settings.Hosts.Select(host => (Host: host, Rule: rule));
            })
            .GroupBy(h => h.Host, h => h.Rule, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => new RuleSet<T>(g.Distinct()), StringComparer.OrdinalIgnoreCase);

        _any = byHost.Remove("", out var any) ? any : new([]);
        _wildcards =
        [
            .. byHost.Where(h => h.Key.StartsWith("*.", StringComparison.Ordinal))
                .Select(h => (Suffix: h.Key[1..], h.Value))
                .OrderByDescending(h => h.Suffix.Length),
        ];
        _exact = byHost.Where(h => !h.Key.StartsWith("*.", StringComparison.Ordinal))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        HasHosts = byHost.Count > 0;
        Only = routes.Length == 1 && _any.All is [{ TakesAll: true } only] ? only.Route : null;
    }

    /// <summary>The route that takes whatever comes, where it is the only one; null: requests have to be looked at.</summary>
    internal Route<T>? Only { get; }

    /// <summary>Whether any route goes by the host.</summary>
    internal bool HasHosts { get; }

    /// <summary>The most specific route that takes the request; null if none does.</summary>
    /// <param name="tried">Told of each route that was held against the request, in order, with what came of it; null: nobody wants to know.</param>
    internal Route<T>? Match(in RoutedRequest request, ICollection<(RouteRule<T> Rule, RouteMismatch Mismatch)>? tried = null)
    {
        if (HasHosts)
        {
            if (_exact.Dictionary.Count > 0 && _exact.TryGetValue(request.Host, out var exact) && First(exact, request, tried) is { } hit)
                return hit;

            foreach (var (suffix, rules) in _wildcards)
            {
                if (IsBelow(request.Host, suffix) && First(rules, request, tried) is { } wild)
                    return wild;
            }
        }

        return First(_any, request, tried);
    }

    /// <summary>The methods with which a request that no route takes would be taken, sorted; empty: none (404 and not 405).</summary>
    internal ImmutableSortedSet<string> MethodsFor(in RoutedRequest request)
    {
        var methods = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var (host, rule) in All)
        {
            if (TakesHost(host, request.Host) && rule.Judge(request).Kind == RouteMismatchKind.Method)
                methods.UnionWith(rule.Methods);
        }

        return methods.ToImmutable();
    }

    /// <summary>Every route with each of its hosts, in the order in which requests meet them; any host is empty.</summary>
    internal IEnumerable<(string Host, RouteRule<T> Rule)> All =>
        _exact.Dictionary.OrderBy(h => h.Key, StringComparer.Ordinal).SelectMany(h => h.Value.All.Select(rule => (h.Key, rule)))
            .Concat(_wildcards.SelectMany(w => w.Rules.All.Select(rule => ("*" + w.Suffix, rule))))
            .Concat(_any.All.Select(rule => ("", rule)));

    /// <summary>Whether a host of a route takes the one of a request.</summary>
    internal static bool TakesHost(string host, ReadOnlySpan<char> requested) =>
        host.Length == 0 || (host.StartsWith("*.", StringComparison.Ordinal) ? IsBelow(requested, host.AsSpan(1)) : requested.Equals(host, StringComparison.OrdinalIgnoreCase));

    private static Route<T> RouteOf(RouteSettings settings, int place, Func<string, T> targetOf, Func<string, byte[]> keyOf, RateLimiters limiters) =>
        new(settings, settings.Pool is { } pool ? targetOf(pool) : default)
        {
            Place = place,
            Actions = RouteActions.Of(settings, RoutePath.Of(settings), keyOf, limiters),
            Split = settings.Split is { } split ? new(split, targetOf) : null,
        };

    private static bool IsBelow(ReadOnlySpan<char> host, ReadOnlySpan<char> suffix) =>
        host.Length > suffix.Length && host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase);

    private static Route<T>? First(RuleSet<T> rules, in RoutedRequest request, ICollection<(RouteRule<T> Rule, RouteMismatch Mismatch)>? tried)
    {
        foreach (var rule in rules.For(request.Path))
        {
            var mismatch = rule.Judge(request);
            tried?.Add((rule, mismatch));
            if (mismatch.Kind == RouteMismatchKind.None)
                return rule.Route;
        }

        return null;
    }
}
