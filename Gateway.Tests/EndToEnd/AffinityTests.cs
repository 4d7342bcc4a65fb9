using System.Net;
using Gateway.Core.Addressing;
using Gateway.Node.Routing;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.EndToEnd;

/// <summary>Clients kept at an endpoint by a cookie.</summary>
public sealed class AffinityTests : IDisposable
{
    private readonly TemporaryFiles _files =
        new([new("key", "0123456789abcdef0123456789abcdef\n"), new("other", "0123456789abcdef0123456789abcdeX\n")]);

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_with_the_cookie_stays_at_its_endpoint_at_every_replica_with_the_key(bool http2)
    {
        await using var backends = new Trio();
        await using var one = await StartAsync(backends, _files["key"]);
        await using var another = await StartAsync(backends, _files["key"]);
        var (first, cookie) = await AskAsync(one, null, http2);
        Assert.NotNull(cookie);
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal((first, null), await AskAsync(one, cookie, http2));
            Assert.Equal((first, null), await AskAsync(another, $"a=b; {cookie}; c=d", http2));
        }
    }

    [Fact]
    public async Task Clients_without_a_cookie_are_balanced_and_each_gets_one()
    {
        await using var backends = new Trio();
        await using var gateway = await StartAsync(backends, _files["key"]);
        var answers = new List<(string Body, string? Cookie)>();
        for (var i = 0; i < 6; i++)
        {
            answers.Add(await AskAsync(gateway, null));
        }

        Assert.Equal([2, 2, 2], answers.GroupBy(a => a.Body).Select(g => g.Count()));
        Assert.Equal(3, answers.Select(a => a.Cookie).Distinct().Count());
        Assert.All(answers.GroupBy(a => a.Body), g => Assert.Single(g.Select(a => a.Cookie).Distinct()));
    }

    [Theory]
    [InlineData("gateway-affinity=forged")]
    [InlineData("gateway-affinity=")]
    [InlineData("gateway-affinity")]
    [InlineData("Gateway-Affinity=VALUE")]
    public async Task A_cookie_that_the_gateway_has_not_made_has_no_effect(string cookie)
    {
        await using var backends = new Trio();
        await using var gateway = await StartAsync(backends, _files["key"]);
        var (_, good) = await AskAsync(gateway, null);
        var asked = cookie.Replace("VALUE", good!.Split('=')[1], StringComparison.Ordinal);
        var bodies = new HashSet<string>();
        for (var i = 0; i < 3; i++)
        {
            var (body, set) = await AskAsync(gateway, asked);
            Assert.NotNull(set);
            bodies.Add(body);
        }

        Assert.Equal(3, bodies.Count);
    }

    [Fact]
    public async Task Another_key_makes_other_cookies_and_a_reload_reads_it()
    {
        await using var backends = new Trio();
        await using var gateway = await StartAsync(backends, _files["key"]);
        var (body, cookie) = await AskAsync(gateway, null);
        await gateway.ReconfigureAsync(settings => settings with { Routes = [RouteOf(_files["other"])] });
        var sets = new List<string?>();
        for (var i = 0; i < 3; i++)
        {
            var (now, set) = await AskAsync(gateway, cookie);
            if (now == body)
            {
                sets.Add(set);
            }
        }

        Assert.NotNull(Assert.Single(sets));
        Assert.NotEqual(cookie, sets[0]);
    }

    [Theory]
    [InlineData("leaves the pool")]
    [InlineData("dies")]
    public async Task An_endpoint_that_is_gone_gets_a_new_choice_and_the_client_no_error(string how)
    {
        await using var backends = new Trio();
        await using var gateway = await StartAsync(backends, _files["key"]);
        var (first, cookie) = await AskAsync(gateway, null);
        await (how == "dies"
            ? backends.KillAsync(first)
            : gateway.ReconfigurePoolAsync(pool => pool with { Endpoints = [.. pool.Endpoints.Where(e => e.Address != backends.AddressOf(first))] }));
        var (second, renewed) = await AskAsync(gateway, cookie);
        Assert.NotEqual(first, second);
        Assert.NotNull(renewed);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal((second, null), await AskAsync(gateway, renewed));
        }
    }

    [Fact]
    public async Task An_endpoint_that_drains_keeps_its_clients_and_gets_no_others()
    {
        await using var backends = new Trio();
        await using var gateway = await StartAsync(backends, _files["key"]);
        var (first, cookie) = await AskAsync(gateway, null);
        await gateway.ReconfigurePoolAsync(pool => pool with { Endpoints = [.. pool.Endpoints.Select(e => e.Address == backends.AddressOf(first) ? e with { Draining = true } : e)] });
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal((first, null), await AskAsync(gateway, cookie));
            Assert.NotEqual(first, (await AskAsync(gateway, null)).Body);
        }
    }

    [Fact]
    public async Task The_cookie_is_as_the_settings_say()
    {
        await using var backends = new Trio();
        await using var gateway = await StartAsync(backends, _files["key"]);
        Assert.Matches("^gateway-affinity=[A-Za-z0-9_-]{24}; Path=/; HttpOnly; SameSite=Lax$", await SetCookieAsync(gateway));
        await gateway.ReconfigureAsync(settings => settings with
        {
            Routes = [RouteOf(_files["key"], a => a with { Cookie = "at", Secure = true, SameSite = Microsoft.AspNetCore.Http.SameSiteMode.None, MaxAge = TimeSpan.FromHours(2) })],
        });
        Assert.Matches("^at=[A-Za-z0-9_-]{24}; Path=/; HttpOnly; SameSite=None; Secure; Max-Age=7200$", await SetCookieAsync(gateway));
    }

    private static RouteSettings RouteOf(string key, Func<AffinitySettings, AffinitySettings>? change = null)
    {
        var affinity = new AffinitySettings { KeyFile = key };
        return new() { Name = "kept", Pool = "default", Affinity = change?.Invoke(affinity) ?? affinity };
    }

    private static Task<TestGateway> StartAsync(Trio backends, string key) => TestGateway.StartAsync(
        backends.Addresses, settings: settings => settings with { Http2Address = new(IPAddress.Loopback, 0), Routes = [RouteOf(key)] });

    private static async Task<(string Body, string? Cookie)> AskAsync(TestGateway gateway, string? cookie, bool http2 = false)
    {
        using var answer = await SendAsync(gateway, cookie, http2);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadAsStringAsync(), answer.Headers.TryGetValues("Set-Cookie", out var set) ? Assert.Single(set).Split(';')[0] : null);
    }

    private static async Task<string> SetCookieAsync(TestGateway gateway)
    {
        using var answer = await SendAsync(gateway, null, http2: false);
        return Assert.Single(answer.Headers.GetValues("Set-Cookie"));
    }

    private static async Task<HttpResponseMessage> SendAsync(TestGateway gateway, string? cookie, bool http2)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, http2 ? gateway.Http2Address : gateway.Address)
        {
            Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        return await client.SendAsync(request);
    }

    /// <summary>Three backends that answer with their number.</summary>
    private sealed class Trio : IAsyncDisposable
    {
        private readonly RawBackend[] _backends = [.. Enumerable.Range(0, 3).Select(i => RawBackend.Start(RawScripts.Answer(body: $"{i}")))];

        public IEnumerable<Uri> Addresses => _backends.Select(b => b.Address);

        public EndpointAddress AddressOf(string body) => TestEndpoints.Address(Of(body).Address.GetLeftPart(UriPartial.Authority));

        public async Task KillAsync(string body) => await Of(body).StopAsync();

        public async ValueTask DisposeAsync()
        {
            foreach (var backend in _backends)
            {
                await backend.DisposeAsync();
            }
        }

        private RawBackend Of(string body) => _backends[int.Parse(body, System.Globalization.CultureInfo.InvariantCulture)];
    }
}
