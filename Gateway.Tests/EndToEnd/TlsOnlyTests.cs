using System.Net;
using Gateway.Cli.Invocation;
using Gateway.Node.Routing;
using Gateway.Node.Settings;
using Gateway.Tests.Cli;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd;

/// <summary>Plain HTTP clients redirected to TLS, and HSTS in answers over TLS.</summary>
public sealed class TlsOnlyTests : IDisposable
{
    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData(443, "GET", "/a/b?c=d", "shop.example", "https://shop.example/a/b?c=d")]
    [InlineData(443, "POST", "/", "shop.example:8080", "https://shop.example/")]
    [InlineData(8443, "DELETE", "/%41?", "shop.example:8080", "https://shop.example:8443/%41?")]
    [InlineData(8443, "GET", "//evil.example/", "[::1]:80", "https://[::1]:8443//evil.example/")]
    [InlineData(443, "GET", "/", "[::1]", "https://[::1]/")]
    [InlineData(443, "GET", "http://other.example/x", "shop.example", "https://other.example/x")]
    public async Task A_request_over_plain_HTTP_is_sent_to_TLS(int port, string method, string target, string host, string location)
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, tls => tls with { RedirectPort = port });
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync($"{method} {target} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n");
        var answer = await client.ReadAnswerAsync();
        Assert.Equal((308, location), (answer.Status, answer.Head.Values("Location").SingleOrDefault()));
        Assert.Equal(1, await gateway.MetricAsync("gateway_request_total", ("status", "308")));
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_requests_total"));
    }

    [Fact]
    public async Task Over_HTTP2_without_TLS_too()
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, tls => tls with { RedirectPort = 443 });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Http2Address, "/x?y"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent("a body"),
        };
        using var answer = await gateway.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.PermanentRedirect, "https://127.0.0.1/x?y"), (answer.StatusCode, answer.Headers.Location?.ToString()));
    }

    [Theory]
    [InlineData("GET /health HTTP/1.1\r\nHost: a\r\n", 200)]
    [InlineData("GET /ready HTTP/1.1\r\nHost: a\r\n", 200)]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: a\r\n", 200)]
    [InlineData("GET / HTTP/1.0\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost:\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\n", 308)]
    public async Task Requests_that_are_not_redirected_are_answered(string head, int status)
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, tls => tls with { RedirectPort = 443 });
        await gateway.ReadyAsync();
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync($"{head}\r\n");
        Assert.Equal(status, (await client.ReadAnswerAsync()).Status);
    }

    [Fact]
    public async Task A_request_that_a_trusted_proxy_got_over_TLS_is_served()
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, tls => tls with { RedirectPort = 443 }, trusted: true);
        foreach (var (proto, status) in new[] { ("https", 200), ("http", 308), ("http, https", 200), ("https\r\nX-Forwarded-Proto: http", 308) })
        {
            await using var client = await RawClient.ConnectAsync(gateway.Address);
            await client.SendAsync($"GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: {proto}\r\n\r\n");
            Assert.Equal(status, (await client.ReadAnswerAsync()).Status);
        }
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Answers_over_TLS_have_HSTS_once_and_others_never(string version)
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, tls => tls with { Hsts = new(TimeSpan.FromDays(1), IncludeSubDomains: true) }, routes:
        [
            new() { Name = "own", Pool = null, PathPrefix = "/own", ResponseFields = new() { Set = [new("Strict-Transport-Security", "max-age=1")] }, Answer = new(200) },
            new() { Name = "set", Pool = "default", PathPrefix = "/set", ResponseFields = new() { Set = [new("Strict-Transport-Security", "max-age=2")] } },
            new() { Name = "closed", Pool = null, PathPrefix = "/closed", Answer = new(503) },
            new() { Name = "rest", Pool = "default", PathPrefix = "/all" },
        ]);
        using var client = Client(gateway, version);
        foreach (var (path, value) in new[]
        {
            ("/all", "max-age=86400; includeSubDomains"), ("/closed", "max-age=86400; includeSubDomains"), ("/none", "max-age=86400; includeSubDomains"),
            ("/health", "max-age=86400; includeSubDomains"), ("/own", "max-age=1"), ("/set", "max-age=2"),
        })
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal((path, value), (path, Assert.Single(answer.Headers.GetValues("Strict-Transport-Security"))));
            using var plain = await gateway.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(
                path switch { "/all" => ["max-age=5"], "/own" => ["max-age=1"], "/set" => ["max-age=2"], _ => (IEnumerable<string>)[] },
                plain.Headers.TryGetValues("Strict-Transport-Security", out var values) ? values : []);
        }
    }

    [Fact]
    public async Task A_reload_brings_both_into_force()
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, tls => tls);
        using var client = Client(gateway, "1.1");
        using var before = await client.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal("max-age=5", before.Headers.GetValues("Strict-Transport-Security").Single());
        await gateway.ReconfigureAsync(s => s with { Tls = s.Tls! with { Hsts = new(TimeSpan.FromHours(1)), RedirectPort = 9 } });

        using var after = await client.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal("max-age=3600", after.Headers.GetValues("Strict-Transport-Security").Single());
        using var plain = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal("https://127.0.0.1:9/", plain.Headers.Location?.ToString());
    }

    /// <summary>The address changes only at the next start.</summary>
    [Fact]
    public async Task A_reload_with_another_address_leads_to_the_one_that_is_listened_on()
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, tls => tls);
        await gateway.ReconfigureAsync(s => s with { Tls = s.Tls! with { Address = new(IPAddress.Loopback, 9), RedirectPort = 0 } });

        Assert.Equal(gateway.State.Current.Settings.Tls!.Address.Port, gateway.State.Current.Settings.Tls.RedirectsTo);
        Assert.NotEqual(9, gateway.State.Current.Settings.Tls.Address.Port);
    }

    [Fact]
    public async Task A_reload_without_TLS_leaves_it_as_the_last_one_made_it()
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, tls => tls);
        await gateway.ReconfigureAsync(s => s with { Tls = s.Tls! with { Hsts = new(TimeSpan.FromHours(1)) } });
        await gateway.ReconfigureAsync(s => s with { Tls = null });

        Assert.Equal(TimeSpan.FromHours(1), gateway.State.Current.Settings.Tls!.Hsts!.MaxAge);
    }

    [Fact]
    public async Task The_explanation_of_a_request_says_so()
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, tls => tls with { RedirectPort = 443 });
        Assert.Contains("308 to https://shop.example/x", await ExplainAsync(gateway, "http://shop.example/x"), StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Proto: https", await ExplainAsync(gateway, "https://shop.example/x"), StringComparison.Ordinal);
    }

    private static async Task<string> ExplainAsync(TestGateway gateway, string url)
    {
        using var terminal = new ScriptedTerminal("");
        Assert.Equal(0, await Pbm.RunAsync([gateway.Admin.BaseAddress!.Authority, "gateway", "route", "test", "GET", url], terminal, _ => null));
        return terminal.Shown;
    }

    private static Task<KestrelBackend> BackendAsync() => KestrelBackend.StartAsync(context =>
    {
        context.Response.Headers.StrictTransportSecurity = "max-age=5";
        return context.Response.WriteAsync("ok");
    });

    private Task<TestGateway> StartAsync(KestrelBackend backend, Func<TlsSettings, TlsSettings> tls, bool trusted = false, RouteSettings[]? routes = null)
    {
        var file = _certificates.FileFor("shop.example");
        return TestGateway.StartAsync([backend.Address], settings: s => s with
        {
            Http2Address = new(IPAddress.Loopback, 0),
            TrustedProxies = trusted ? [IPNetwork.Parse("127.0.0.0/8")] : [],
            Routes = [.. routes ?? []],
            Tls = tls(new() { Address = new(IPAddress.Loopback, 0), Certificates = [new(file, file, IsDefault: true)] }),
        });
    }

    private static HttpClient Client(TestGateway gateway, string version) => new(new SocketsHttpHandler
    {
        UseProxy = false,
#pragma warning disable CA5359 // Other tests check the certificate.
        SslOptions = { TargetHost = "shop.example", RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
    })
    {
        BaseAddress = gateway.TlsAddress,
        DefaultRequestVersion = Version.Parse(version),
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };
}
