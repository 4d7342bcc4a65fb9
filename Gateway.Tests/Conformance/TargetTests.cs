using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>The request target: the one routed is the one forwarded.</summary>
public sealed class TargetTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/../b%2Fc", "/b%2Fc")]
    [InlineData("/a/%2e%2E/b", "/b")]
    [InlineData("/a/.%2e/%2E/b/", "/b/")]
    [InlineData("/../../a", "/a")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/b/.", "/a/b/")]
    [InlineData("/a/...", "/a/...")]
    [InlineData("/a/..b/.c", "/a/..b/.c")]
    [InlineData("/%7Euser", "/%7Euser")]
    [InlineData("/~user", "/~user")]
    [InlineData("/%c3%A9%20%00", null)]
    [InlineData("/%c3%A9%20", "/%c3%A9%20")]
    [InlineData("/..%2fadmin", null)]
    [InlineData("/a/..;/admin", null)]
    [InlineData("/x%2Fadmin", "/x%2Fadmin")]
    [InlineData("/%61dmin", "/%61dmin")]
    [InlineData("/%252e%252e/x", "/%252e%252e/x")]
    [InlineData("//double", "//double")]
    [InlineData("//a//../b", "//a/b")]
    [InlineData("/a;p=1/b,c'(d)", "/a;p=1/b,c'(d)")]
    [InlineData("/a?", "/a?")]
    [InlineData("/?a=/../b&c=%2e%2e", "/?a=/../b&c=%2e%2e")]
    [InlineData("/a/../b?x=1?y=/./z", "/b?x=1?y=/./z")]
    [InlineData("/?q={}|^`<>\"'\\[]", "/?q={}|^`<>\"'\\[]")]
    [InlineData("/a?b=%zz%", "/a?b=%zz%")]
    [InlineData("/a+b?c+d", "/a+b?c+d")]
    public async Task It_is_forwarded_as_it_came_but_for_dot_segments(string sent, string? seen)
    {
        await using var passage = await Passage.StartAsync();
        var answer = await passage.AskAsync($"GET {sent} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(seen is null ? 400 : 200, answer.Status);
        Assert.Equal(seen, passage.Backend.Requests.SingleOrDefault()?.Target);
    }

    [Theory]
    [InlineData("/admin")]
    [InlineData("/%61dmin/users")]
    [InlineData("/adm%69n?x=/")]
    [InlineData("//admin")]
    [InlineData("/%2Fadmin")]
    [InlineData("/x/../%61dmin")]
    [InlineData("/admin;session=1/users")]
    [InlineData("http://x/%61dmin")]
    public async Task No_spelling_slips_past_the_route_of_its_path(string target)
    {
        await using var other = RawBackend.Start(RawScripts.Answer(200, "default"));
        await using var admin = RawBackend.Start(RawScripts.Answer(200, "admin"));
        await using var gateway = await TestGateway.StartAsync([other.Address], settings: settings => settings with
        {
            Pools =
            [
                settings.Pools[0],
                settings.Pools[0] with { Name = "admin", Endpoints = [new(TestEndpoints.Address(admin.Address.GetLeftPart(UriPartial.Authority)))] },
            ],
            Routes = [new() { Name = "admin", PathPrefix = "/admin", Pool = "admin" }, new() { Name = "default", Pool = PoolSettings.DefaultName }],
        });

        var answer = await RawClient.AskAsync(gateway.Address, $"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal((200, "admin"), (answer.Status, answer.BodyText));
    }

    [Fact]
    public async Task A_very_long_one_passes()
    {
        var target = "/" + string.Concat(Enumerable.Repeat("long/", 1000)) + "?" + new string('q', 10_000);
        await using var passage = await Passage.StartAsync();
        Assert.Equal(target, (await passage.SendAsync($"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n")).Target);
    }

    [Theory]
    [InlineData("/a\\..\\b")]
    [InlineData("/a#fragment")]
    [InlineData("/caf\u00e9")]
    [InlineData("/a\u0001b")]
    [InlineData("/a\u007fb")]
    [InlineData("ftp://x/")]
    [InlineData("http://")]
    [InlineData("http:///path")]
    [InlineData("http://user@x/")]
    [InlineData("/a b")]
    public async Task One_that_can_be_read_in_two_ways_is_refused(string target)
    {
        await using var passage = await Passage.StartAsync();
        var answer = await passage.AskAsync($"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(400, answer.Status);
        Assert.Equal(0, passage.Backend.ConnectionsAccepted);
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("x:80")]
    [InlineData("*")]
    public async Task A_form_that_belongs_to_another_method_is_refused(string target)
    {
        await using var passage = await Passage.StartAsync();
        await passage.AssertRefusedAsync(400, $"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    [Theory]
    [InlineData("*")]
    [InlineData("http://x")]
    [InlineData("http://x:80")]
    public async Task OPTIONS_for_the_server_is_answered_by_the_gateway(string target)
    {
        await using var passage = await Passage.StartAsync();
        var answer = await passage.AskAsync($"OPTIONS {target} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal((200, "0"), (answer.Status, answer.Head.Value("Content-Length")));
        Assert.Equal("GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS", answer.Head.Value("Allow"));
        Assert.Equal(0, passage.Backend.ConnectionsAccepted);
    }

    [Theory]
    [InlineData("http://shop.example/a/../b%2Fc?d", "/b%2Fc?d", "shop.example")]
    [InlineData("http://shop.example:8080/a", "/a", "shop.example:8080")]
    [InlineData("http://Shop.Example", "/", "Shop.Example")]
    [InlineData("http://shop.example?q", "/?q", "shop.example")]
    [InlineData("https://shop.example/a", "/a", "shop.example")]
    [InlineData("http://[::1]:80/a", "/a", "[::1]:80")]
    public async Task The_absolute_form_wins_over_Host(string target, string seenTarget, string seenHost)
    {
        await using var passage = await Passage.StartAsync();
        var seen = await passage.SendAsync($"GET {target} HTTP/1.1\r\nHost: other.example\r\n\r\n");
        Assert.Equal((seenTarget, seenHost), (seen.Target, seen.Head.Value("Host")));
        Assert.Equal(seenHost, seen.Head.Value("X-Forwarded-Host"));
    }

    [Fact]
    public async Task The_absolute_form_is_routed_by_its_own_host()
    {
        await using var sites = await Sites.StartAsync();
        Assert.Equal("public", await sites.AskAsync("GET http://public.example/ HTTP/1.1\r\nHost: admin.example\r\n\r\n"));
        Assert.Equal("admin", await sites.AskAsync("GET http://admin.example/ HTTP/1.1\r\nHost: public.example\r\n\r\n"));
    }

    [Theory]
    [InlineData("ADMIN.example")]
    [InlineData("admin.example.")]
    [InlineData("admin.example:8080")]
    [InlineData("Admin.Example.:8080")]
    public async Task No_spelling_of_a_host_slips_past_its_route(string host)
    {
        await using var sites = await Sites.StartAsync();
        Assert.Equal("admin", await sites.AskAsync($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"));
    }

    [Theory]
    [InlineData("/public/../admin/x", "admin", "/admin/x")]
    [InlineData("/public/%2e%2e/admin/x", "admin", "/admin/x")]
    [InlineData("/public/.%2E/./admin", "admin", "/admin")]
    [InlineData("/public/..%2fadmin", "", null)]
    [InlineData("/public/%2e%2e%2fadmin", "", null)]
    [InlineData("/public/..;/admin", "", null)]
    [InlineData("/admin/../public/x", "public", "/public/x")]
    [InlineData("/%61dmin/x", "admin", "/%61dmin/x")]
    [InlineData("//admin/x", "admin", "//admin/x")]
    [InlineData("/admin;v=1/x", "admin", "/admin;v=1/x")]
    [InlineData("/%2Fadmin", "admin", "/%2Fadmin")]
    [InlineData("/ADMIN/x", null, null)]
    [InlineData("/publicity", null, null)]
    [InlineData("/x?/../admin", null, null)]
    [InlineData("/public\\..\\admin", "", null)]
    public async Task No_spelling_reaches_through_one_route_what_only_another_may(string target, string? pool, string? seen)
    {
        await using var sites = await Sites.StartAsync();
        var answer = await RawClient.AskAsync(sites.Gateway.Address, $"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(pool is null ? 404 : pool.Length == 0 ? 400 : 200, answer.Status);
        Assert.Equal(seen, sites.Backends.SelectMany(backend => backend.Requests).SingleOrDefault()?.Target);
        if (seen is not null)
        {
            Assert.Equal(pool, answer.BodyText);
        }
    }

    /// <summary>Two sites with a backend each: <c>/public</c> and public.example, <c>/admin</c> and admin.example.</summary>
    private sealed class Sites : IAsyncDisposable
    {
        private static readonly string[] Names = ["public", "admin"];

        private Sites(RawBackend[] backends, TestGateway gateway) => (Backends, Gateway) = (backends, gateway);

        public RawBackend[] Backends { get; }

        public TestGateway Gateway { get; }

        public static async Task<Sites> StartAsync()
        {
            RawBackend[] backends = [.. Names.Select(name => RawBackend.Start(RawScripts.Answer(200, name)))];
            var gateway = await TestGateway.StartAsync([], settings: settings => settings with
            {
                Pools = [.. Names.Zip(backends, PoolOf)],
                Routes =
                [
                    .. Names.Select(name => new Gateway.Node.Routing.RouteSettings { Name = name, PathPrefix = "/" + name, Pool = name }),
                    .. Names.Select(name => new Gateway.Node.Routing.RouteSettings { Name = name + "-host", Hosts = [name + ".example"], Pool = name }),
                ],
            });
            return new(backends, gateway);
        }

        public async Task<string> AskAsync(string request) => (await RawClient.AskAsync(Gateway.Address, request)).BodyText;

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            foreach (var backend in Backends)
            {
                await backend.DisposeAsync();
            }
        }

        private static PoolSettings PoolOf(string name, RawBackend backend) => new()
        {
            Name = name,
            Endpoints = [new(TestEndpoints.Address(backend.Address.GetLeftPart(UriPartial.Authority)))],
            Health = new() { Probe = new() { Kind = Core.Health.ProbeKind.None } },
        };
    }
}
