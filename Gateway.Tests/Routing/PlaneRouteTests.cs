using System.Collections.Immutable;
using CsCheck;
using Gateway.Http;
using Gateway.Node.Routing;

namespace Gateway.Tests.Routing;

/// <summary>Routes of httpcg URLs and of all other requests are separate; the same order applies within each plane.</summary>
public sealed class PlaneRouteTests
{
    private static readonly Gen<ImmutableArray<HttpcgPlane>> GenPlanes = Gen.OneOf<ImmutableArray<HttpcgPlane>>([], [HttpcgPlane.App], [HttpcgPlane.Gw]);

    private static readonly Gen<RouteSettings> GenRoute = Gen.Select(
        Gen.OneOf("a", "*.a", "x.a").Array[0, 2], Gen.OneOf("/", "/p", "/p/q"), Gen.OneOf("GET", "POST").Array[0, 2], GenPlanes,
        (hosts, path, methods, planes) => new RouteSettings
        {
            Name = "?",
            Pool = "default",
            Hosts = [.. hosts.Distinct()],
            PathPrefix = path,
            Methods = [.. methods.Distinct()],
            Planes = planes,
        });

    [Fact]
    public void A_request_of_a_plane_gets_what_it_would_get_if_only_the_routes_of_that_plane_were_there() =>
        Gen.Select(
            GenRoute.Array[1, 10], Gen.OneOf("a", "x.a", "b"), Gen.OneOf("/", "/p", "/p/q/r"), Gen.OneOf("GET", "POST"),
            Gen.OneOf(HttpcgPlane.None, HttpcgPlane.App, HttpcgPlane.Gw, HttpcgPlane.Wallet)).Sample((routes, host, target, method, plane) =>
            {
                var named = routes.Select((route, i) => route with { Name = $"{i}" }).ToArray();
                var own = named.Where(r => plane == HttpcgPlane.None ? r.Planes.IsEmpty : r.Planes.Contains(plane)).Select(r => r with { Planes = [] }).ToArray();
                var expected = own.Length == 0 ? null : new AskedRequest(host, target, method).In(Table(own));
                Assert.Equal(expected, new AskedRequest(host, target, method) { Plane = plane }.In(Table(named)));
            });

    [Fact]
    public void Fewer_planes_win_after_the_path_and_the_order_of_the_settings_does_not_matter()
    {
        var one = Route("one", "/p", HttpcgPlane.App);
        var two = Route("two", "/p", HttpcgPlane.App, HttpcgPlane.Gw);
        var deeper = Route("deeper", "/p/q", HttpcgPlane.App, HttpcgPlane.Gw);
        foreach (var table in (RouteTable<string>[])[Table(one, two, deeper), Table(deeper, two, one)])
        {
            Assert.Equal("one", new AskedRequest("h", "/p/x") { Plane = HttpcgPlane.App }.In(table));
            Assert.Equal("two", new AskedRequest("h", "/p/x") { Plane = HttpcgPlane.Gw }.In(table));
            Assert.Equal("deeper", new AskedRequest("h", "/p/q") { Plane = HttpcgPlane.App }.In(table));
            Assert.Null(new AskedRequest("h", "/p/q") { Plane = HttpcgPlane.Wallet }.In(table));
            Assert.Null(new AskedRequest("h", "/p/q").In(table));
        }
    }

    [Fact]
    public void Without_routes_everything_goes_to_the_default_pool_whatever_its_plane()
    {
        var table = new RouteTable<string>([], pool => pool);
        Assert.Equal("default", new AskedRequest("h").In(table));
        Assert.All(HttpcgPlanes.All, plane => Assert.Equal("default", new AskedRequest("h") { Plane = plane }.In(table)));
        Assert.False(table.HasPlanes);
        Assert.NotNull(table.Only);
    }

    [Fact]
    public void A_route_of_planes_does_not_keep_a_lone_other_one_from_taking_all_without_a_look()
    {
        var table = Table(Route("rest", "/"), Route("app", "/", HttpcgPlane.App));
        Assert.Equal("rest", table.Only?.Settings.Name);
        Assert.True(table.HasPlanes);
        Assert.Equal([true, false], ((HttpcgPlane[])[HttpcgPlane.App, HttpcgPlane.Gw]).Select(table.HasPlane));
        Assert.Equal(["GET"], new AskedRequest("h", method: "POST") { Plane = HttpcgPlane.App }.MethodsIn(Table(Route("app", "/", HttpcgPlane.App) with { Methods = ["GET"] })));
    }

    private static RouteSettings Route(string name, string path, params HttpcgPlane[] planes) => new() { Name = name, Pool = name, PathPrefix = path, Planes = [.. planes] };

    private static RouteTable<string> Table(params RouteSettings[] routes) => new([.. routes], pool => pool);
}
