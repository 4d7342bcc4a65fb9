using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Gateway.Node.Routing;

/// <summary>
/// Routes by host, most specific first: exact host, then longest wildcard, then any host; routes of the same host by <see cref="RouteRule{T}.CompareTo"/>.
/// Immutable; matching allocates nothing.
/// </summary>
internal sealed class HostRules<T>
{
    private readonly FrozenDictionary<string, RuleSet<T>>.AlternateLookup<ReadOnlySpan<char>> _exact;
    private readonly ImmutableArray<(string Suffix, RuleSet<T> Rules)> _wildcards;
    private readonly RuleSet<T> _any;

    public HostRules(IEnumerable<RouteRule<T>> rules)
    {
        var byHost = rules
            .SelectMany(rule => rule.Route.Settings.Hosts is { IsEmpty: false } hosts ? hosts.Select(host => (Host: host, Rule: rule)) : [("", rule)])
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
        Only = !HasHosts && _any.All is [{ MatchesAll: true } only] ? only.Route : null;
    }

    /// <summary>The route that takes every request, if it is the only one; otherwise null.</summary>
    public Route<T>? Only { get; }

    /// <summary>Whether any route has a host.</summary>
    public bool HasHosts { get; }

    /// <summary>Every route with each of its hosts, in matching order; empty means any host.</summary>
    public IEnumerable<(string Host, RouteRule<T> Rule)> All =>
        _exact.Dictionary.OrderBy(h => h.Key, StringComparer.Ordinal).SelectMany(h => h.Value.All.Select(rule => (h.Key, rule)))
            .Concat(_wildcards.SelectMany(w => w.Rules.All.Select(rule => ("*" + w.Suffix, rule))))
            .Concat(_any.All.Select(rule => ("", rule)));

    /// <summary>The most specific route that matches the request; null if none does.</summary>
    /// <param name="tried">Receives each route compared with the request, in order, with the result; null: not needed.</param>
    public Route<T>? Match(in RoutedRequest request, ICollection<(RouteRule<T> Rule, RouteMismatch Mismatch)>? tried)
    {
        if (HasHosts)
        {
            if (_exact.Dictionary.Count > 0 && _exact.TryGetValue(request.Host, out var exact) && First(exact, request, tried) is { } hit)
            {
                return hit;
            }

            foreach (var (suffix, rules) in _wildcards)
            {
                if (IsBelow(request.Host, suffix) && First(rules, request, tried) is { } wild)
                {
                    return wild;
                }
            }
        }

        return First(_any, request, tried);
    }

    /// <summary>Whether a route's host matches a requested one.</summary>
    public static bool MatchesHost(string host, ReadOnlySpan<char> requested) =>
        host.Length == 0 || (host.StartsWith("*.", StringComparison.Ordinal) ? IsBelow(requested, host.AsSpan(1)) : requested.Equals(host, StringComparison.OrdinalIgnoreCase));

    private static bool IsBelow(ReadOnlySpan<char> host, ReadOnlySpan<char> suffix) =>
        host.Length > suffix.Length && host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase);

    private static Route<T>? First(RuleSet<T> rules, in RoutedRequest request, ICollection<(RouteRule<T> Rule, RouteMismatch Mismatch)>? tried)
    {
        foreach (var rule in rules.For(request.Path))
        {
            var mismatch = rule.Judge(request);
            tried?.Add((rule, mismatch));
            if (mismatch.Kind == RouteMismatchKind.None)
            {
                return rule.Route;
            }
        }

        return null;
    }
}
