using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Core.Pools;

namespace Gateway.Node.Routing;

/// <summary>A route and what it leads to, looked up once when the table is made.</summary>
public sealed record Route<T>(RouteSettings Settings, T Target);

/// <summary>
/// All routes, most specific first: exact host, then longest wildcard, then any host; among those the longest path prefix, then a
/// method condition, then more header conditions, then the order of the configuration. If the routes of one host do not take the
/// request, those of the next do. Immutable; matching allocates nothing.
/// </summary>
/// <typeparam name="T">What a route leads to: the pool as the process holds it.</typeparam>
public sealed class RouteTable<T>
{
    private readonly FrozenDictionary<string, ImmutableArray<RouteRule<T>>>.AlternateLookup<ReadOnlySpan<char>> _exact;
    private readonly ImmutableArray<(string Suffix, ImmutableArray<RouteRule<T>> Rules)> _wildcards;
    private readonly ImmutableArray<RouteRule<T>> _any;

    /// <param name="routes">Without any, everything goes to the pool <c>default</c>.</param>
    /// <param name="targetOf">What a pool's name stands for; called once for each route.</param>
    public RouteTable(ImmutableArray<RouteSettings> routes, Func<string, T> targetOf)
    {
        if (routes.IsEmpty)
            routes = [new() { Name = PoolSettings.DefaultName, Pool = PoolSettings.DefaultName }];

        var byHost = routes
            .SelectMany(settings =>
            {
                var rule = new RouteRule<T>(new(settings, targetOf(settings.Pool)));
                return settings.Hosts.IsEmpty ? [("", rule)] : settings.Hosts.Select(host => (Host: host, Rule: rule));
            })
            .GroupBy(h => h.Host, h => h.Rule, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, MostSpecificFirst, StringComparer.OrdinalIgnoreCase);

        _any = byHost.Remove("", out var any) ? any : [];
        _wildcards =
        [
            .. byHost.Where(h => h.Key.StartsWith("*.", StringComparison.Ordinal))
                .Select(h => (Suffix: h.Key[1..], h.Value))
                .OrderByDescending(h => h.Suffix.Length),
        ];
        _exact = byHost.Where(h => !h.Key.StartsWith("*.", StringComparison.Ordinal))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The most specific route that takes the request; null if none does (404).</summary>
    /// <param name="host">The authority or Host field, with or without port; may be empty.</param>
    /// <param name="path">The path of <see cref="RequestTarget.Path"/>.</param>
    public Route<T>? Match(ReadOnlySpan<char> host, ReadOnlySpan<char> path, string method, IHeaderDictionary headers)
    {
        var name = HostName.Of(host);
        if (_exact.Dictionary.Count > 0 && _exact.TryGetValue(name, out var exact) && First(exact, path, method, headers) is { } hit)
            return hit;

        foreach (var (suffix, rules) in _wildcards)
        {
            if (name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) &&
                First(rules, path, method, headers) is { } wild)
            {
                return wild;
            }
        }

        return First(_any, path, method, headers);
    }

    private static ImmutableArray<RouteRule<T>> MostSpecificFirst(IEnumerable<RouteRule<T>> rules) =>
    [
        .. rules.OrderByDescending(r => r.PrefixLength)
            .ThenByDescending(r => r.HasMethods)
            .ThenByDescending(r => r.HeaderCount),
    ];

    private static Route<T>? First(
        ImmutableArray<RouteRule<T>> rules, ReadOnlySpan<char> path, string method, IHeaderDictionary headers)
    {
        foreach (var rule in rules)
        {
            if (rule.Takes(path, method, headers))
                return rule.Route;
        }

        return null;
    }
}
