using CsCheck;
using Gateway.Node.Routing;

namespace Gateway.Tests.Routing;

/// <summary>Compares the table with the rule in docs/routing.md: every matching route, ranked, and the best of them.</summary>
public sealed class RouteOrderTests
{
    private static readonly Gen<string> GenHost = Gen.OneOf("a", "x.a", "y.x.a", "b", "");

    private static readonly Gen<string> GenTarget = Gen.Select(
        Gen.OneOf("/", "/p", "/p/q", "/pq", "/p/q/r", "/q/p", "/q", "/r0", "/r1/x"), Gen.OneOf("", "?v=1", "?v", "?w=1&v=2"), (path, query) => path + query);

    private static readonly Gen<string> GenMethod = Gen.OneOf("GET", "POST", "PUT");

    private static readonly Gen<string[]> GenFields = Gen.OneOf("A: 1", "A: 12", "B: 1", "B:").Array[0, 3];

    private static readonly Gen<HeaderCondition> GenHeader =
        Gen.OneOf(new HeaderCondition("A"), new HeaderCondition("a", "1"), new HeaderCondition("A", Prefix: "1"), new HeaderCondition("A", Prefix: "12"), new HeaderCondition("B"));

    private static readonly Gen<RouteSettings> GenRoute = Gen.Select(
        Gen.OneOf("a", "*.a", "x.a", "*.x.a").Array[0, 2],
        Gen.OneOf("/*", "/p/*", "/p/q/*", "/p", "/p/q", "/p/{x}", "/{x}/q", "/{x}", "/q/p/*"),
        GenMethod.Array[0, 2],
        GenHeader.Array[0, 2],
        Gen.OneOf(new QueryCondition("v"), new QueryCondition("v", "1")).Array[0, 1],
        (hosts, path, methods, headers, query) => new RouteSettings
        {
            Name = "?",
            Pool = "default",
            Hosts = [.. hosts.Distinct()],
            Path = path.EndsWith('*') ? null : path,
            PathPrefix = path.EndsWith('*') ? path[..^1] : "/",
            Methods = [.. methods.Distinct()],
            Headers = [.. headers],
            Query = [.. query],
        });

    [Fact]
    public void The_table_finds_what_comparing_all_routes_finds() =>
        Gen.Select(GenRoute.Array[1, 8], GenHost, GenTarget, GenMethod, GenFields).Sample((routes, host, target, method, fields) =>
            AssertBest(Named(routes), host, target, method, fields));

    [Fact]
    public void So_does_one_that_is_large_enough_to_be_kept_by_segments() =>
        Gen.Select(GenRoute.Array[1, 8], GenHost, GenTarget, GenMethod, GenFields).Sample((routes, host, target, method, fields) =>
            AssertBest(Named([.. routes, .. Others()]), host, target, method, fields));

    [Fact]
    public void The_order_in_the_settings_matters_only_between_routes_of_the_same_rank() =>
        Gen.Select(GenRoute.Array[2, 8], GenHost, GenTarget, GenMethod, GenFields, Gen.Int).Sample((routes, host, target, method, fields, seed) =>
        {
            var named = Named(routes);
            var shuffled = named.OrderBy(r => (r.Name[0] * 7919L) ^ seed).ToArray();
            var asked = new AskedRequest(host, target, method, fields);
            var (one, other) = (asked.In(Table(named)), asked.In(Table(shuffled)));
            if (one == other)
            {
                return;
            }

            Assert.NotNull(one);
            Assert.Equal(Rank(named.Single(r => r.Name == one), host), Rank(named.Single(r => r.Name == other), host));
        });

    private static void AssertBest(RouteSettings[] routes, string host, string target, string method, string[] fields)
    {
        var best = routes
            .Where(r => Takes(r, host, target, method, fields))
            .Select((r, i) => (r.Name, Rank: Rank(r, host), i))
            .OrderBy(r => r.Rank, Comparer<int[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
            .ThenBy(r => r.i)
            .FirstOrDefault();
        Assert.Equal(best.Name, new AskedRequest(host, target, method, fields).In(Table(routes)));
    }

    private static int[] Rank(RouteSettings route, string host)
    {
        var hosts = route.Hosts.Where(h => HostTakes(h, host)).ToList();
        var segments = (route.Path ?? route.PathPrefix).TrimEnd('/').Split('/');
        return
        [
            route.Hosts.IsEmpty ? 2 : hosts.Contains(host) ? 0 : 1,
            route.Hosts.IsEmpty || hosts.Contains(host) ? 0 : -hosts.Max(h => h.Length),
            route.Path is null ? 2 : route.Path.Contains('{', StringComparison.Ordinal) ? 1 : 0,
            route.Path is null ? -route.PathPrefix.TrimEnd('/').Length : 0,
            .. Enumerable.Range(0, 4).Select(i => route.Path is not null && i < segments.Length && segments[i].StartsWith('{') ? 1 : 0),
            route.Methods.IsEmpty ? 99 : route.Methods.Length,
            -route.Headers.Length,
            -route.Headers.Count(h => h.Value is not null),
            -route.Headers.Sum(h => h.Prefix?.Length ?? 0),
            -route.Query.Length,
            -route.Query.Count(q => q.Value is not null),
        ];
    }

    private static bool Takes(RouteSettings route, string host, string target, string method, string[] fields)
    {
        var (path, query) = target.Split('?') is [var before, var after] ? (before, after) : (target, "");
        var lines = fields.Select(f => (Name: f[..1], Value: f[2..].Trim())).ToList();
        var parameters = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')).Select(p => (Name: p[0], Value: p.ElementAtOrDefault(1) ?? "")).ToList();
        return (route.Hosts.IsEmpty || route.Hosts.Any(h => HostTakes(h, host)))
            && PathTakes(route, path)
            && (route.Methods.IsEmpty || route.Methods.Contains(method))
            && route.Headers.All(h => lines.Any(l => l.Name.Equals(h.Name, StringComparison.OrdinalIgnoreCase)
                && (h.Value is null || l.Value == h.Value) && (h.Prefix is null || l.Value.StartsWith(h.Prefix, StringComparison.Ordinal))))
            && route.Query.All(q => parameters.Any(p => p.Name == q.Name && (q.Value is null || p.Value == q.Value)));
    }

    private static bool HostTakes(string pattern, string host) =>
        pattern == host || (pattern[0] == '*' && host.EndsWith(pattern[1..], StringComparison.Ordinal) && host.Length > pattern.Length - 1);

    private static bool PathTakes(RouteSettings route, string path)
    {
        if (route.Path is null)
        {
            return (path + "/").StartsWith(route.PathPrefix.TrimEnd('/') + "/", StringComparison.Ordinal);
        }

        var (wanted, given) = (route.Path.Split('/'), path.Split('/'));
        return wanted.Length == given.Length && wanted.Zip(given).All(p => p.First == p.Second || (p.First.StartsWith('{') && p.Second.Length > 0));
    }

    private static RouteSettings[] Named(RouteSettings[] routes) => [.. routes.Select((r, i) => r with { Name = $"{(char)('A' + i)}" })];

    private static IEnumerable<RouteSettings> Others() =>
        Enumerable.Range(0, 12).Select(i => new RouteSettings { Name = "?", Pool = "default", PathPrefix = $"/r{i}", Hosts = i % 2 == 0 ? [] : ["a", "x.a"] });

    private static RouteTable<string> Table(RouteSettings[] routes) => new([.. routes], pool => pool);
}
