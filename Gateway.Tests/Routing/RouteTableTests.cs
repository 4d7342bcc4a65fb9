using Gateway.Node.Routing;

namespace Gateway.Tests.Routing;

public sealed class RouteTableTests
{
    [Fact]
    public void Without_routes_everything_goes_to_the_pool_default()
    {
        var table = new RouteTable<string>([], pool => "the " + pool);

        Assert.Equal("the default", table.Match(new AskedRequest("any.example", "/x", "POST").Request)!.Target);
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

        Assert.Equal("first", Match(table, "h"));
        Assert.Equal("one header", Match(table, "h", fields: ["x-a: "]));
        Assert.Equal("two headers", Match(table, "h", fields: ["x-a: ", "x-b: 0", "x-b: 1"]));
        Assert.Equal("one header", Match(table, "h", fields: ["x-a: ", "x-b: 10"]));
        Assert.Equal("method", Match(table, "h", method: "PUT", fields: ["x-a: ", "x-b: 1"]));
        Assert.Equal("prefix", Match(table, "h", "/api/x", "PUT", "x-a: ", "x-b: 1"));
    }

    [Fact]
    public void An_exact_path_comes_before_a_template_and_that_before_a_prefix()
    {
        var table = Table(
            Route("prefix", prefix: "/users/me/orders"),
            Route("any user", path: "/users/{id}/orders"),
            Route("any thing", path: "/users/me/{thing}"),
            Route("exact", path: "/users/me/cart"));

        Assert.Equal("exact", Match(table, "h", "/users/me/cart"));
        Assert.Equal("any thing", Match(table, "h", "/users/me/orders"));
        Assert.Equal("any user", Match(table, "h", "/users/7/orders"));
        Assert.Equal("prefix", Match(table, "h", "/users/me/orders/1"));
        Assert.Null(Match(table, "h", "/users/7/cart"));
    }

    [Theory]
    [InlineData("/a", "/a", true)]
    [InlineData("/a", "/a/", false)]
    [InlineData("/a", "/a/b", false)]
    [InlineData("/%61", "/a", true)]
    [InlineData("/u/{id}", "/u/1", true)]
    [InlineData("/u/{id}", "/u/", false)]
    [InlineData("/u/{id}", "/u", false)]
    [InlineData("/u/{id}", "/u/1/", false)]
    [InlineData("/u/{id}/", "/u/1/", true)]
    [InlineData("/{a}/{b}", "/x/y", true)]
    [InlineData("/{a}/{b}", "/x//", false)]
    [InlineData("/{a}", "/{a}", true)]
    public void A_path_is_taken_whole(string path, string asked, bool taken) =>
        Assert.Equal(taken ? "r" : null, Match(Table(Route("r", path: path)), "h", asked));

    [Fact]
    public void A_parameter_is_its_whole_segment()
    {
        var path = RoutePath.Of(Route("r", path: "/users/{id}/orders/{order}"));

        Assert.Equal(["id", "order"], path.Parameters.AsEnumerable());
        Assert.Equal("42"u8, path.Captured("/users/42/orders/x%20y"u8, 0));
        Assert.Equal("x%20y"u8, path.Captured("/users/42/orders/x%20y"u8, 1));
    }

    [Fact]
    public void Of_headers_an_exact_one_comes_before_a_longer_prefix_and_that_before_a_shorter_before_any()
    {
        var table = Table(
            Route("any", headers: [new("X-A")]),
            Route("short", headers: [new("X-A", Prefix: "b")]),
            Route("long", headers: [new("X-A", Prefix: "beta-")]),
            Route("exact", headers: [new("X-A", "beta-1")]));

        Assert.Equal("exact", Match(table, "h", fields: ["X-A: beta-1"]));
        Assert.Equal("long", Match(table, "h", fields: ["X-A: beta-2"]));
        Assert.Equal("short", Match(table, "h", fields: ["X-A: bet"]));
        Assert.Equal("any", Match(table, "h", fields: ["X-A: Beta"]));
    }

    [Theory]
    [InlineData("/?v=1", "exact")]
    [InlineData("/?x&v=1&y", "exact")]
    [InlineData("/?v=0&v=1", "exact")]
    [InlineData("/?%76=%31", "exact")]
    [InlineData("/?v", "any")]
    [InlineData("/?v=", "any")]
    [InlineData("/?v=11", "any")]
    [InlineData("/?V=1", "none")]
    [InlineData("/?xv=1", "none")]
    [InlineData("/?a+b=c%20d", "space")]
    [InlineData("/", "none")]
    public void Parameters_of_the_query_are_compared_decoded(string target, string route) => Assert.Equal(
        route,
        Match(Table(Route("none"), Route("any", query: [new("v")]), Route("exact", query: [new("v", "1")]), Route("space", query: [new("a b", "c d")])), "h", target));

    [Fact]
    public void Of_two_lists_of_methods_the_shorter_comes_first()
    {
        var table = Table(Route("two", methods: ["GET", "HEAD"]), Route("one", methods: ["GET"]));

        Assert.Equal(("one", "two"), (Match(table, "h"), Match(table, "h", method: "HEAD")));
    }

    [Fact]
    public void A_wrong_method_alone_gets_the_allowed_ones()
    {
        var table = Table(
            Route("a", methods: ["PUT", "GET"], prefix: "/a"),
            Route("b", hosts: ["*.example"], methods: ["DELETE"]),
            Route("c", methods: ["PATCH"], headers: [new("X-A")]));

        Assert.Equal(["DELETE", "GET", "PUT"], new AskedRequest("x.example", "/a", "POST").MethodsIn(table));
        Assert.Equal(["GET", "PUT"], new AskedRequest("h", "/a", "POST").MethodsIn(table));
        Assert.Equal(["PATCH"], new AskedRequest("h", "/", "POST", "X-A: 1").MethodsIn(table));
        Assert.Empty(new AskedRequest("h", "/", "POST").MethodsIn(table));
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

        Assert.Equal(1, table.Match(new AskedRequest("x").Request)!.Target);
        Assert.Equal(1, table.Match(new AskedRequest("q.z").Request)!.Target);
    }

    [Fact]
    public void Matching_allocates_nothing()
    {
        var table = Table(
            Route("any"),
            Route("wild", hosts: ["*.example"], methods: ["POST"]),
            Route("exact", hosts: ["a.example"], prefix: "/api", headers: [new("X-A", "1")]),
            Route("template", hosts: ["a.example"], path: "/api/{id}", query: [new("v", "1")], headers: [new("X-A", Prefix: "2")]));
        var asked = new AskedRequest("a.example:80", "/api/x?v=%31", "GET", "X-A: 2");
        Assert.Equal("template", asked.In(table));

        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                table.Match(asked.Request);
            }
        });
    }

    private static RouteSettings Route(
        string name, string[]? hosts = null, string prefix = "/", string[]? methods = null, HeaderCondition[]? headers = null, string? path = null,
        QueryCondition[]? query = null) => new()
        {
            Name = name,
            Pool = "default",
            Hosts = [.. hosts ?? []],
            Path = path,
            PathPrefix = prefix,
            Methods = [.. methods ?? []],
            Headers = [.. headers ?? []],
            Query = [.. query ?? []],
        };

    private static RouteTable<string> Table(params RouteSettings[] routes) => new([.. routes], pool => pool);

    private static string? Match(RouteTable<string> table, string host, string target = "/", string method = "GET", params string[] fields) =>
        new AskedRequest(host, target, method, fields).In(table);
}
