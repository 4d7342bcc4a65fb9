using CsCheck;
using Gateway.Node.Routing;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Routing;

public sealed class RouteTableTests
{
    private static readonly HeaderDictionary NoHeaders = [];

    [Fact]
    public void Without_routes_everything_goes_to_the_pool_default()
    {
        var table = new RouteTable<string>([], pool => "the " + pool);

        Assert.Equal("the default", table.Match("any.example", "/x", "POST", NoHeaders)!.Target);
    }

    [Fact]
    public void An_exact_host_comes_before_the_longest_wildcard_and_that_before_any_host()
    {
        var table = Table(
            Route("any"),
            Route("short", hosts: ["*.example"]),
            Route("long", hosts: ["*.shop.example"]),
            Route("exact", hosts: ["a.shop.example"]));

        Assert.Equal("exact", Match(table, "a.shop.example"));
        Assert.Equal("long", Match(table, "b.shop.example"));
        Assert.Equal("long", Match(table, "c.b.shop.example"));
        Assert.Equal("short", Match(table, "shop.example"));
        Assert.Equal("any", Match(table, "example"));
        Assert.Equal("any", Match(table, ""));
    }

    [Fact]
    public void A_host_whose_routes_do_not_take_the_request_leaves_it_to_the_next()
    {
        var table = Table(
            Route("any"),
            Route("wild", hosts: ["*.example"], prefix: "/wild"),
            Route("exact", hosts: ["a.example"], prefix: "/exact"));

        Assert.Equal("exact", Match(table, "a.example", "/exact"));
        Assert.Equal("wild", Match(table, "a.example", "/wild"));
        Assert.Equal("any", Match(table, "a.example", "/else"));
    }

    [Theory]
    [InlineData("SHOP.Example")]
    [InlineData("shop.example:8080")]
    [InlineData("shop.example.")]
    [InlineData("shop.example.:8080")]
    public void Case_port_and_a_final_dot_of_the_host_do_not_matter(string host) =>
        Assert.Equal("shop", Match(Table(Route("shop", hosts: ["Shop.example"])), host));

    [Theory]
    [InlineData("[::1]")]
    [InlineData("[::1]:8080")]
    public void An_IPv6_address_is_a_host_with_its_brackets(string host) =>
        Assert.Equal("loop", Match(Table(Route("loop", hosts: ["[::1]"])), host));

    [Theory]
    [InlineData("/api", "/api", true)]
    [InlineData("/api", "/api/", true)]
    [InlineData("/api", "/api/x", true)]
    [InlineData("/api", "/apix", false)]
    [InlineData("/api", "/API", false)]
    [InlineData("/api", "/", false)]
    [InlineData("/api/", "/api", true)]
    [InlineData("/api/", "/api/x", true)]
    [InlineData("/", "/anything", true)]
    [InlineData("/", "*", true)]
    [InlineData("/api", "*", false)]
    [InlineData("/api", "/%61pi", false)]
    public void A_path_prefix_ends_at_a_segment(string prefix, string path, bool taken) =>
        Assert.Equal(taken ? "r" : null, Match(Table(Route("r", prefix: prefix)), "h", path));

    [Fact]
    public void The_longest_prefix_comes_first_then_a_method_then_more_headers_then_the_order()
    {
        var table = Table(
            Route("first"),
            Route("second"),
            Route("one header", headers: [new("X-A")]),
            Route("two headers", headers: [new("X-A"), new("X-B", "1")]),
            Route("method", methods: ["POST", "PUT"]),
            Route("prefix", prefix: "/api"));
        HeaderDictionary a = new() { ["x-a"] = "" };
        HeaderDictionary both = new() { ["x-a"] = "", ["x-b"] = new(["0", "1"]) };
        HeaderDictionary wrong = new() { ["x-a"] = "", ["x-b"] = "10" };

        Assert.Equal("first", Match(table, "h"));
        Assert.Equal("one header", Match(table, "h", headers: a));
        Assert.Equal("two headers", Match(table, "h", headers: both));
        Assert.Equal("one header", Match(table, "h", headers: wrong));
        Assert.Equal("method", Match(table, "h", method: "PUT", headers: both));
        Assert.Equal("prefix", Match(table, "h", "/api/x", "PUT", both));
    }

    [Fact]
    public void No_route_takes_what_fits_none()
    {
        var table = Table(Route("r", hosts: ["a"], methods: ["GET"]));

        Assert.Null(Match(table, "b"));
        Assert.Null(Match(table, "a", method: "get"));
    }

    [Fact]
    public void The_target_is_looked_up_once_for_each_route()
    {
        var lookups = 0;
        var table = new RouteTable<int>([Route("a", hosts: ["x", "y", "*.z"])], _ => ++lookups);

        Assert.Equal(1, table.Match("x", "/", "GET", NoHeaders)!.Target);
        Assert.Equal(1, table.Match("q.z", "/", "GET", NoHeaders)!.Target);
    }

    [Fact]
    public void Matching_allocates_nothing()
    {
        var table = Table(
            Route("any"),
            Route("wild", hosts: ["*.example"], methods: ["POST"]),
            Route("exact", hosts: ["a.example"], prefix: "/api", headers: [new("X-A", "1")]));
        HeaderDictionary headers = new() { ["X-A"] = "2" };
        Match(table, "a.example:80", "/api/x", headers: headers);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            table.Match("a.example:80", "/api/x", "GET", headers);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void The_table_finds_what_comparing_all_routes_finds() =>
        Gen.Select(GenRoute.Array[0, 8], GenHost, GenPath, GenMethod).Sample((routes, host, path, method) =>
        {
            var named = routes.Select((r, i) => r with { Name = $"{i}" }).ToArray();
            if (named.Length == 0)
                return;
            Assert.Equal(BestOfAll(named, host, path, method), Match(Table(named), host, path, method));
        });

    private static readonly Gen<string> GenHost = Gen.OneOf("a", "x.a", "y.x.a", "b", "");
    private static readonly Gen<string> GenPath = Gen.OneOf("/", "/p", "/p/q", "/pq", "/p/q/r");
    private static readonly Gen<string> GenMethod = Gen.OneOf("GET", "POST");

    private static readonly Gen<RouteSettings> GenRoute = Gen.Select(
        Gen.OneOf("a", "*.a", "x.a", "*.x.a").Array[0, 2],
        Gen.OneOf("/", "/p", "/p/", "/p/q"),
        GenMethod.Array[0, 1],
        (hosts, prefix, methods) => Route("?", hosts, prefix, methods));

    /// <summary>The rule as the words have it: rank each route and host that fits, and take the best.</summary>
    private static string? BestOfAll(RouteSettings[] routes, string host, string path, string method) =>
        (from r in routes
         from h in r.Hosts.IsEmpty ? ["any"] : r.Hosts
         let prefix = r.PathPrefix.TrimEnd('/')
         where h == "any" || h == host || (h[0] == '*' && host.EndsWith(h[1..], StringComparison.Ordinal) && host.Length > h.Length - 1)
         where (path + "/").StartsWith(prefix + "/", StringComparison.Ordinal)
         where r.Methods.IsEmpty || r.Methods.Contains(method)
         orderby h == host && h != "any" ? 0 : h[0] == '*' ? 1 : 2, h[0] == '*' ? -h.Length : 0, -prefix.Length, r.Methods.IsEmpty ? 1 : 0
         select r.Name).FirstOrDefault();

    private static RouteSettings Route(
        string name, string[]? hosts = null, string prefix = "/", string[]? methods = null, HeaderCondition[]? headers = null) =>
        new() { Name = name, Pool = "default", Hosts = [.. hosts ?? []], PathPrefix = prefix, Methods = [.. methods ?? []], Headers = [.. headers ?? []] };

    private static RouteTable<string> Table(params RouteSettings[] routes) => new([.. routes], pool => pool);

    private static string? Match(
        RouteTable<string> table, string host, string path = "/", string method = "GET", HeaderDictionary? headers = null) =>
        table.Match(host, path, method, headers ?? NoHeaders)?.Settings.Name;
}
