using System.Net;
using Gateway.Http;
using Gateway.Node.Settings;

namespace Gateway.Tests.Settings;

public sealed class HttpcgSettingsTests
{
    private const string Tls = "--tls-addr 127.0.0.1:8443 --tls-cert a.crt --tls-key a.key";

    [Fact]
    public async Task A_flag_or_a_variable_says_where_it_listens_and_whether_over_tls()
    {
        var settings = await Given.Loaded($"{Given.OneEndpoint} --httpcg-addr 127.0.0.1:8089 --httpcg-tls {Tls}");
        Assert.Equal((new IPEndPoint(IPAddress.Loopback, 8089), true), (settings.HttpcgAddress, settings.HttpcgTls));
        Assert.Equal(8090, (await Given.Loaded(Given.OneEndpoint, null, ("GATEWAY_HTTPCG_ADDR", "127.0.0.1:8090"))).HttpcgAddress?.Port);
        Assert.Null((await Given.Loaded(Given.OneEndpoint)).HttpcgAddress);
    }

    [Fact]
    public async Task A_route_names_planes_each_once() =>
        Assert.Equal(
            (HttpcgPlane[])[HttpcgPlane.App, HttpcgPlane.M2M],
            (await Given.Loaded(Given.OneEndpoint, Routes("""{ "name": "a", "planes": [ "app", "m2m", "app" ] }"""))).Routes[0].Planes.ToArray());

    [Theory]
    [InlineData("--httpcg-addr 8089", "--httpcg-addr: '8089' has no host; allowed: host:port, where host is an IP address, localhost or *")]
    [InlineData("--httpcg-addr *:8080", "--httpcg-addr: '0.0.0.0:8080' is already used by --listen-addr; choose another port")]
    [InlineData("--sidecar-mode --httpcg-addr *:8089", "--httpcg-addr: '0.0.0.0:8089' is not loopback; allowed with --sidecar-mode: 127.0.0.1, [::1] or localhost")]
    [InlineData("--httpcg-tls " + Tls, "--httpcg-tls: requires --httpcg-addr")]
    [InlineData("--httpcg-tls --httpcg-addr 127.0.0.1:8089", "--httpcg-tls: requires --tls-addr, since it uses the same certificates")]
    public async Task A_fault_is_one_line(string flags, string line) => Assert.Equal([line], await Given.Faults($"{Given.OneEndpoint} {flags}"));

    [Theory]
    [InlineData("""{ "name": "a", "planes": [ "shop" ] }""", "gateway.json: routes[0].planes[0]: 'shop' is not a plane; allowed: app, bpi, gw, wallet, m2m")]
    [InlineData("""{ "name": "a", "planes": [ "walet" ] }""", "gateway.json: routes[0].planes[0]: 'walet' is not a plane; did you mean wallet?")]
    [InlineData("""{ "name": "a", "requestFields": { "set": [ { "name": "X-Httpcg-Plane", "value": "gw" } ] } }""",
        "gateway.json: routes[0].requestFields.set[0].name: 'X-Httpcg-Plane' is set by the gateway or frames the message; choose another field")]
    [InlineData("""{ "name": "a", "headers": [ { "name": "X-Httpcg-Plane", "value": "gw" } ] }""",
        "gateway.json: routes[0].headers[0].name: 'X-Httpcg-Plane' does not select a plane; use planes, or another field")]
    [InlineData("""{ "name": "a", "headers": [ { "name": "X-A" }, { "name": "x-httpcg-url" } ] }""",
        "gateway.json: routes[0].headers[1].name: 'x-httpcg-url' does not select a plane; use planes, or another field")]
    [InlineData("""{ "name": "a", "planes": [ "app" ] }, { "name": "b", "planes": [ "app" ] }""",
        "gateway.json: routes[1]: 'b' has the same conditions as 'a' (routes[0]) for /* of the plane app; allowed: routes that differ in plane, host, path, methods, headers or query")]
    [InlineData("""{ "name": "a", "planes": [ "gw", "app" ], "hosts": [ "x" ] }, { "name": "b", "planes": [ "m2m", "gw" ], "hosts": [ "x", "y" ], "methods": [] }""",
        "gateway.json: routes[1]: 'b' has the same conditions as 'a' (routes[0]) for x/* of the plane gw; allowed: routes that differ in plane, host, path, methods, headers or query")]
    public async Task So_is_one_in_a_route(string routes, string line) => Assert.Equal([line], await Given.Faults(Given.OneEndpoint, Routes(routes)));

    [Theory]
    [InlineData("""{ "name": "a" }, { "name": "b", "planes": [ "app" ] }""")]
    [InlineData("""{ "name": "a", "planes": [ "gw" ] }, { "name": "b", "planes": [ "app" ] }""")]
    [InlineData("""{ "name": "a", "planes": [ "gw", "app" ] }, { "name": "b", "planes": [ "app" ] }""")]
    [InlineData("""{ "name": "a", "planes": [ "app" ], "hosts": [ "x" ] }, { "name": "b", "planes": [ "app" ] }""")]
    public async Task Routes_are_distinguished_by_their_planes(string routes) =>
        Assert.Equal(2, (await Given.Loaded($"{Given.OneEndpoint} --httpcg-addr 127.0.0.1:8089", Routes(routes))).Routes.Length);

    [Fact]
    public async Task An_address_for_httpcg_URLs_that_no_route_takes_is_a_fault() =>
        Assert.Equal(
            ["--httpcg-addr: '127.0.0.1:8089' accepts httpcg URLs only, but no route has planes; add planes to a route, or remove all routes"],
            await Given.Faults($"{Given.OneEndpoint} --httpcg-addr 127.0.0.1:8089", Routes("""{ "name": "a" }""")));

    [Fact]
    public async Task Its_address_changes_at_the_next_start_and_the_planes_of_routes_at_once()
    {
        var running = await Given.Loaded($"{Given.OneEndpoint} --httpcg-addr 127.0.0.1:8089 {Tls}");
        Assert.Equal(
            (string[])["httpcgAddr", "httpcgTls"],
            SettingsChange.NeedingRestart(running, running with { HttpcgAddress = new(IPAddress.Loopback, 1), HttpcgTls = true }).ToArray());
        Assert.Empty(SettingsChange.NeedingRestart(running, running with { Routes = [new() { Name = "a", Pool = "default", Planes = [HttpcgPlane.App] }] }));
    }

    private static string Routes(string routes) => $$"""{ "routes": [ {{routes}} ] }""";
}
