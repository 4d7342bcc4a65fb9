using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd;

/// <summary>Clients over TLS, with real sockets: names, versions, protocols, and the fields for backends.</summary>
public sealed class TlsIngressTests : IDisposable
{
    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("1.1", SslProtocols.Tls12)]
    [InlineData("1.1", SslProtocols.Tls13)]
    [InlineData("2.0", SslProtocols.Tls12)]
    [InlineData("2.0", SslProtocols.Tls13)]
    public async Task A_request_passes_and_the_backend_gets_https(string version, SslProtocols protocol)
    {
        await using var backend = await KestrelBackend.StartAsync(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            var headers = context.Request.Headers;
            await context.Response.WriteAsync($"{headers["X-Forwarded-Proto"]} {headers["Forwarded"]} {await body.ReadToEndAsync()}");
        });
        await using var gateway = await StartAsync(backend, "shop.example");
        using var client = Client(gateway, "shop.example", protocol);
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/", UriKind.Relative))
            {
                Version = Version.Parse(version),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new StringContent(new string('x', 100_000)),
            };
            using var answer = await client.SendAsync(request);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(Version.Parse(version), answer.Version);
            Assert.Equal($"https for=127.0.0.1;proto=https;host=shop.example {new string('x', 100_000)}", await answer.Content.ReadAsStringAsync());
        }

        Assert.Equal(1, await gateway.MetricAsync("gateway_tls_handshakes_total", ("version", protocol == SslProtocols.Tls13 ? "1.3" : "1.2")));
    }

    [Fact]
    public async Task A_certificate_is_chosen_by_the_name_of_the_server_and_the_default_is_for_all_others()
    {
        await using var backend = await KestrelBackend.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await StartAsync(backend, "default.example", "*.shop.example", "www.shop.example");

        Assert.Equal("CN=www.shop.example", await SubjectAsync(gateway, "www.shop.example"));
        Assert.Equal("CN=*.shop.example", await SubjectAsync(gateway, "a.shop.example"));
        Assert.Equal("CN=default.example", await SubjectAsync(gateway, "a.b.shop.example"));
        Assert.Equal("CN=default.example", await SubjectAsync(gateway, "unknown.example"));
    }

    [Fact]
    public async Task Without_a_default_a_client_that_names_an_unknown_server_is_refused_and_counted()
    {
        await using var backend = await KestrelBackend.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], settings: s => s with { Tls = Tls(["shop.example"], hasDefault: false) });

        Assert.Equal("CN=shop.example", await SubjectAsync(gateway, "SHOP.example"));
        await Assert.ThrowsAnyAsync<Exception>(() => SubjectAsync(gateway, "other.example"));
        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_tls_handshake_failures_total", ("reason", "unknown-name")) == 1);
    }

    [Fact]
    public async Task A_connection_without_TLS_is_counted_and_closed()
    {
        await using var backend = await KestrelBackend.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await StartAsync(backend, "shop.example");
        await using var client = await RawClient.ConnectAsync(gateway.TlsAddress);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await client.ReadToEndAsync();

        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_tls_handshake_failures_total", ("reason", "protocol")) == 1);
    }

    [Fact]
    public async Task Health_and_readiness_are_answered_there_too()
    {
        await using var backend = await KestrelBackend.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await StartAsync(backend, "shop.example");
        using var client = Client(gateway, "shop.example", SslProtocols.None);

        Assert.Equal("""{"status":"alive"}""", await client.GetStringAsync(new Uri("/health", UriKind.Relative)));
    }

    [Fact]
    public async Task A_reload_serves_the_new_certificate_and_a_bad_one_changes_nothing()
    {
        await using var backend = await KestrelBackend.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await StartAsync(backend, "old.example");

        await gateway.ReconfigureAsync(s => s with { Tls = Tls(["new.example"], hasDefault: true) });
        Assert.Equal("CN=new.example", await SubjectAsync(gateway, "x.example"));

        var garbage = _certificates.Write("garbage.pem", "garbage");
        var fault = await Assert.ThrowsAsync<IOException>(() => gateway.ReconfigureAsync(s => s with
        {
            Tls = s.Tls! with { Certificates = [new(garbage, garbage, IsDefault: true)] },
        }));
        Assert.StartsWith($"{garbage} contains no PEM certificate", fault.Message, StringComparison.Ordinal);
        Assert.Equal("CN=new.example", await SubjectAsync(gateway, "x.example"));
    }

    private Task<TestGateway> StartAsync(KestrelBackend backend, params string[] names) =>
        TestGateway.StartAsync([backend.Address], settings: s => s with { Tls = Tls(names, hasDefault: true) });

    private TlsSettings Tls(string[] names, bool hasDefault) => new()
    {
        Address = new(IPAddress.Loopback, 0),
        Certificates = [.. names.Select((name, i) => (File: _certificates.FileFor(name), i)).Select(c => new CertificateFiles(c.File, c.File, IsDefault: hasDefault && c.i == 0))],
    };

    private HttpClient Client(TestGateway gateway, string name, SslProtocols protocol)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = { TargetHost = name, EnabledSslProtocols = protocol, CertificateChainPolicy = Trust() },
        })
        { BaseAddress = gateway.TlsAddress };
        client.DefaultRequestHeaders.Host = name;
        return client;
    }

    private X509ChainPolicy Trust()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(_certificates.AuthorityFile);
        return policy;
    }

    /// <summary>The subject of the certificate for a server name.</summary>
    private static async Task<string> SubjectAsync(TestGateway gateway, string name)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, gateway.TlsAddress.Port);
#pragma warning disable CA5359 // The test checks the certificate itself.
        await using var stream = new SslStream(socket.GetStream(), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await stream.AuthenticateAsClientAsync(name);
        return stream.RemoteCertificate!.Subject;
    }
}
