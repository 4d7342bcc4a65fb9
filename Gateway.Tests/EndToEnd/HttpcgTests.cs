using System.Net;
using System.Text;
using Gateway.Http;
using Gateway.Node.Routing;
using Gateway.Node.Settings;
using Gateway.Tests.Conformance;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Requests with an httpcg URL, in each of the three ways, through a whole replica.</summary>
public sealed class HttpcgTests
{
    private static readonly RouteSettings App = new() { Name = "app", Pool = "default", Planes = [HttpcgPlane.App, HttpcgPlane.M2M] };

    /// <summary>The URLs of the three ways; <c>{0}</c> is plane, authority and the rest.</summary>
    public static TheoryData<string, bool> Ways => new()
    {
        { "GET httpcg://{0} HTTP/1.1\r\nHost: gw\r\n\r\n", true },
        { "GET HTTPCG://{0} HTTP/1.1\r\nHost: \r\n\r\n", true },
        { "GET /httpcg/{0} HTTP/1.1\r\nHost: gw\r\n\r\n", true },
        { "GET / HTTP/1.1\r\nHost: gw\r\nX-Httpcg-Url: httpcg://{0}\r\n\r\n", true },
        { "GET /httpcg/{0} HTTP/1.1\r\nHost: gw\r\n\r\n", false },
        { "GET / HTTP/1.1\r\nHost: gw\r\nX-Httpcg-Url: httpcg://{0}\r\n\r\n", false },
        { "GET /else?where HTTP/1.1\r\nHost: gw\r\nx-httpcg-url:HttpCg://{0}\r\nConnection: X-Httpcg-Url\r\n\r\n", false },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_backend_gets_path_and_query_the_authority_as_Host_and_the_plane(string way, bool isOwn)
    {
        await using var passage = await StartAsync();
        foreach (var (url, target, host, plane) in ((string, string, string, string)[])
        [
            ("app/shop.example/cart/1?x=/&y", "/cart/1?x=/&y", "shop.example", "app"),
            ("M2M/Shop.Example:8080/a/../b%2Fc", "/b%2Fc", "Shop.Example:8080", "m2m"),
            ("app/[::1]:81?q", "/?q", "[::1]:81", "app"),
            ("app/10.0.0.1", "/", "10.0.0.1", "app"),
            ("app/shop.example/../../gw/x", "/gw/x", "shop.example", "app"),
        ])
        {
            Assert.Equal(200, (await AskAsync(passage, isOwn, string.Format(null, CompositeFormat.Parse(way), url))).Status);
            var seen = passage.Backend.Requests[^1];
            Assert.Equal((target, host, plane), (seen.Target, seen.Head.Value("Host"), seen.Head.Value("X-Httpcg-Plane")));
            Assert.Equal(host, seen.Head.Value("X-Forwarded-Host"));
            Assert.Empty(seen.Head.Values("X-Httpcg-Url"));
        }
    }

    [Theory]
    [InlineData("/httpcg/app/shop.example/cart?x", null)]
    [InlineData("/", "httpcg://app/shop.example/cart?x")]
    public async Task So_it_does_from_a_client_of_http2(string target, string? field)
    {
        await using var passage = await StartAsync(settings => settings with { Http2Address = new(IPAddress.Loopback, 0) });
        using var request = new HttpRequestMessage(System.Net.Http.HttpMethod.Get, new Uri(passage.Gateway.Http2Address, target))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (field is not null)
        {
            request.Headers.Add("X-Httpcg-Url", field);
        }

        using var answer = await passage.Gateway.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var seen = Assert.Single(passage.Backend.Requests);
        Assert.Equal(("/cart?x", "shop.example", "app"), (seen.Target, seen.Head.Value("Host"), seen.Head.Value("X-Httpcg-Plane")));
    }

    [Fact]
    public async Task A_plane_without_a_route_is_404_and_is_named()
    {
        await using var passage = await StartAsync(settings => settings with { Routes = [App with { Hosts = ["shop.example"], Methods = ["GET"] }, new() { Name = "rest", Pool = "default" }] });
        foreach (var (request, status, text) in ((string, int, string)[])
        [
            ("GET httpcg://wallet/shop.example/ HTTP/1.1", 404, "no route for the plane wallet"),
            ("GET /httpcg/gw/shop.example/ HTTP/1.1", 404, "no route for the plane gw"),
            ("GET /httpcg/app/other.example/ HTTP/1.1", 404, "no route for the plane app matches this request"),
            ("PUT /httpcg/app/shop.example/ HTTP/1.1", 405, "no route allows this method here"),
        ])
        {
            var answer = await AskAsync(passage, isOwn: true, request + "\r\nHost: gw\r\n\r\n");
            Assert.Equal((status, "application/problem+json"), (answer.Status, answer.Head.Value("Content-Type")));
            Assert.Contains($"\"{text}\"", answer.BodyText, StringComparison.Ordinal);
        }

        Assert.Empty(passage.Backend.Requests);
        Assert.Equal(200, (await AskAsync(passage, isOwn: false, "GET /x HTTP/1.1\r\nHost: shop.example\r\n\r\n")).Status);
    }

    [Theory]
    [InlineData("GET httpcg://wallet/shop.example/", 404)]
    [InlineData("PUT httpcg://app/shop.example/", 405)]
    [InlineData("GET httpcg://app/inner.example/", 421)]
    [InlineData("GET httpcg://m2m/shop.example/", 403)]
    public async Task A_refusal_of_a_URL_that_is_valid_keeps_the_connection(string line, int status)
    {
        await using var passage = await StartAsync(settings => settings with
        {
            Hosts = ["shop.example"],
            Routes =
            [
                new() { Name = "app", Pool = "default", Planes = [HttpcgPlane.App], Methods = ["GET"] },
                new() { Name = "m2m", Pool = "default", Planes = [HttpcgPlane.M2M], Clients = new() { Deny = [IPNetwork.Parse("127.0.0.0/8")] } },
            ],
        });
        await using var client = await RawClient.ConnectAsync(passage.Gateway.HttpcgAddress);
        await client.SendAsync($"{line} HTTP/1.1\r\nHost: gw\r\n\r\n");
        Assert.Equal(status, (await client.ReadAnswerAsync()).Status);
        await client.SendAsync("GET httpcg://app/shop.example/x HTTP/1.1\r\nHost: gw\r\n\r\n");
        Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
    }

    [Fact]
    public async Task Without_planes_and_without_a_listener_the_path_and_the_field_mean_nothing()
    {
        await using var passage = await Passage.StartAsync();
        var seen = await passage.SendAsync("GET /httpcg/app/shop.example/cart HTTP/1.1\r\nHost: gw\r\nX-Httpcg-Url: httpcg://app/a/b\r\nX-Httpcg-Plane: gw\r\n\r\n");
        Assert.Equal(("/httpcg/app/shop.example/cart", "gw"), (seen.Target, seen.Head.Value("Host")));
        Assert.DoesNotContain(seen.Head.Lines, line => line.StartsWith("X-Httpcg", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Without_routes_the_address_alone_turns_them_on_and_all_goes_to_the_default_pool()
    {
        await using var passage = await StartAsync(settings => settings with { Routes = [] });
        Assert.Equal(200, (await AskAsync(passage, isOwn: true, "GET httpcg://wallet/w.example/x HTTP/1.1\r\nHost: gw\r\n\r\n")).Status);
        Assert.Equal(("/x", "wallet"), (passage.Backend.Requests[^1].Target, passage.Backend.Requests[^1].Head.Value("X-Httpcg-Plane")));
        Assert.Equal(200, (await AskAsync(passage, isOwn: false, "GET /x HTTP/1.1\r\nHost: gw\r\n\r\n")).Status);
        Assert.Null(passage.Backend.Requests[^1].Head.Value("X-Httpcg-Plane"));
    }

    [Fact]
    public async Task A_reload_turns_them_on_and_off()
    {
        await using var passage = await StartAsync(settings => settings with { HttpcgAddress = null, Routes = [] });
        const string Request = "GET /httpcg/app/shop.example/cart HTTP/1.1\r\nHost: gw\r\n\r\n";
        Assert.Equal("/httpcg/app/shop.example/cart", (await passage.SendAsync(Request)).Target);
        await passage.Gateway.ReconfigureAsync(settings => settings with { Routes = [App] });
        Assert.Equal("/cart", (await passage.SendAsync(Request)).Target);
        await passage.Gateway.ReconfigureAsync(settings => settings with { Routes = [] });
        Assert.Equal("/httpcg/app/shop.example/cart", (await passage.SendAsync(Request)).Target);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reload_of_the_address_changes_nothing_before_the_next_start_and_says_so_each_time(bool listens)
    {
        var given = listens ? new IPEndPoint(IPAddress.Loopback, 0) : null;
        await using var passage = await StartAsync(settings => settings with { HttpcgAddress = given, Routes = [] });
        for (var i = 0; i < 2; i++)
        {
            var running = passage.Gateway.State.Current.Settings;
            var wanted = running with { HttpcgAddress = listens ? null : new(IPAddress.Loopback, 1), HttpcgTls = true };
            Assert.Equal(["httpcgAddr", "httpcgTls"], SettingsChange.NeedingRestart(running, wanted).AsEnumerable());
            await passage.Gateway.ReconfigureAsync(_ => wanted);
            Assert.Equal(listens ? "/cart" : "/httpcg/app/shop.example/cart", (await passage.SendAsync("GET /httpcg/app/shop.example/cart HTTP/1.1\r\nHost: gw\r\n\r\n")).Target);
        }
    }

    [Fact]
    public async Task Requests_on_one_connection_do_not_touch_each_other()
    {
        await using var passage = await StartAsync(settings => settings with { Routes = [App, new() { Name = "rest", Pool = "default" }] });
        await using var client = await RawClient.ConnectAsync(passage.Gateway.Address);
        foreach (var (request, host, plane) in ((string, string, string?)[])
        [
            ("GET /httpcg/app/shop.example/a HTTP/1.1\r\nHost: gw\r\n\r\n", "shop.example", "app"),
            ("GET /b HTTP/1.1\r\nHost: gw\r\n\r\n", "gw", null),
            ("POST /httpcg/m2m/c.example/c HTTP/1.1\r\nHost: gw\r\nContent-Length: 2\r\n\r\nhi", "c.example", "m2m"),
            ("GET http://abs.example/d HTTP/1.1\r\nHost: gw\r\n\r\n", "abs.example", null),
        ])
        {
            await client.SendAsync(request);
            Assert.Equal(200, (await client.ReadAnswerAsync()).Status);
            Assert.Equal((host, plane), (passage.Backend.Requests[^1].Head.Value("Host"), passage.Backend.Requests[^1].Head.Value("X-Httpcg-Plane")));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_plane_or_a_URL_that_came_never_passes_for_ours_not_from_a_trusted_proxy_either(bool trusted)
    {
        await using var passage = await StartAsync(settings => settings with
        {
            TrustedProxies = trusted ? [IPNetwork.Parse("127.0.0.0/8")] : [],
            Routes = [App, new() { Name = "rest", Pool = "default" }],
        });
        const string Fields = "Host: gw\r\nX-Httpcg-Plane: gw\r\nX_Httpcg-Plane: bpi\r\nx-httpcg-plane: wallet\r\nX_Httpcg_Url: httpcg://gw/x/\r\n\r\n";
        var seen = await passage.SendAsync($"GET /x HTTP/1.1\r\n{Fields}");
        Assert.DoesNotContain(seen.Head.Lines, line => line.Contains("httpcg", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(["app"], (await passage.SendAsync($"GET /httpcg/app/shop.example/ HTTP/1.1\r\n{Fields}")).Head.Values("X-Httpcg-Plane"));
    }

    [Fact]
    public async Task The_forwarded_host_is_the_authority_whatever_a_trusted_proxy_says()
    {
        await using var passage = await StartAsync(settings => settings with
        {
            TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")],
            Routes = [App, new() { Name = "rest", Pool = "default" }],
        });
        const string Fields = "Host: gw\r\nX-Forwarded-Host: www.example\r\n\r\n";
        Assert.Equal("shop.example", (await passage.SendAsync($"GET /httpcg/app/shop.example/ HTTP/1.1\r\n{Fields}")).Head.Value("X-Forwarded-Host"));
        Assert.Equal("www.example", (await passage.SendAsync($"GET / HTTP/1.1\r\n{Fields}")).Head.Value("X-Forwarded-Host"));
    }

    [Fact]
    public async Task The_address_serves_no_other_requests_but_checks()
    {
        await using var passage = await StartAsync();
        var answer = await AskAsync(passage, isOwn: true, "GET /x HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        Assert.Equal(400, answer.Status);
        Assert.Contains("this address accepts only httpcg URLs", answer.BodyText, StringComparison.Ordinal);
        Assert.Equal(200, (await AskAsync(passage, isOwn: true, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n")).Status);
    }

    [Fact]
    public async Task It_serves_with_Kestrel_as_engine_too()
    {
        await using var passage = await StartAsync(settings => settings with { HttpEngine = HttpEngine.Kestrel, EventLoop = EventLoopSetting.Auto });
        Assert.Equal(200, (await AskAsync(passage, isOwn: true, "GET httpcg://app/shop.example/cart HTTP/1.1\r\nHost: gw\r\n\r\n")).Status);
        Assert.Equal(200, (await AskAsync(passage, isOwn: false, "GET /httpcg/app/shop.example/cart HTTP/1.1\r\nHost: gw\r\n\r\n")).Status);
        Assert.Equal(2, passage.Backend.Requests.Count);
        Assert.All(passage.Backend.Requests, seen => Assert.Equal(("/cart", "shop.example", "app"), (seen.Target, seen.Head.Value("Host"), seen.Head.Value("X-Httpcg-Plane"))));
    }

    [Fact]
    public async Task A_header_of_the_PROXY_protocol_may_come_before()
    {
        await using var passage = await StartAsync(settings => settings with { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")], ProxyProtocol = ProxyProtocolMode.Require });
        var answer = await RawClient.AskAsync(
            passage.Gateway.HttpcgAddress, "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET httpcg://app/shop.example/cart HTTP/1.1\r\nHost: gw\r\n\r\n");
        Assert.Equal(200, answer.Status);
        Assert.Equal("192.0.2.1", passage.Backend.Requests[^1].Head.Value("X-Forwarded-For"));
    }

    [Fact]
    public async Task Requests_count_as_all_others_do()
    {
        await using var passage = await StartAsync();
        Assert.Equal(200, (await AskAsync(passage, isOwn: true, "GET httpcg://app/shop.example/cart HTTP/1.1\r\nHost: gw\r\n\r\n")).Status);
        Assert.Equal(404, (await AskAsync(passage, isOwn: true, "GET httpcg://gw/shop.example/cart HTTP/1.1\r\nHost: gw\r\n\r\n")).Status);
        Assert.Equal(400, (await AskAsync(passage, isOwn: true, "GET httpcg://gw HTTP/1.1\r\nHost: gw\r\n\r\n")).Status);
        await passage.Gateway.StopAsync();
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_request_total", ("method", "GET"), ("backend", passage.BackendLabel), ("status", "200")));
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_request_total", ("backend", "none"), ("status", "404")));
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_request_total", ("backend", "none"), ("status", "400")));
    }

    private static Task<Passage> StartAsync(Func<GatewaySettings, GatewaySettings>? change = null) => Passage.StartAsync(settings: settings =>
    {
        var with = settings with { HttpcgAddress = new(IPAddress.Loopback, 0), Routes = [App] };
        return change?.Invoke(with) ?? with;
    });

    private static Task<RawAnswer> AskAsync(Passage passage, bool isOwn, string request) =>
        RawClient.AskAsync(isOwn ? passage.Gateway.HttpcgAddress : passage.Gateway.Address, request);
}
