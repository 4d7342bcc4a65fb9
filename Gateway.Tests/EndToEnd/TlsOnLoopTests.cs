using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Node.Engine;
using Gateway.Node.Metrics;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.EndToEnd;

/// <summary>
/// TLS on the event loops, with real sockets. All other TLS tests use it too if there are event loops for clients, unless GATEWAY_TEST_TLS chooses otherwise.
/// </summary>
public sealed class TlsOnLoopTests : IDisposable
{
    private const string Failures = "gateway_tls_handshake_failures_total";
    private const int LargeAnswer = 4_000_000;

    private static readonly Uri Root = new("/", UriKind.Relative);
    private static readonly byte[] Request = "GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n"u8.ToArray();

    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("1.1", SslProtocols.Tls12)]
    [InlineData("1.1", SslProtocols.Tls13)]
    [InlineData("2.0", SslProtocols.Tls12)]
    [InlineData("2.0", SslProtocols.Tls13)]
    public async Task Requests_with_large_bodies_pass_both_ways(string version, SslProtocols protocol)
    {
        await using var backend = await KestrelBackend.StartAsync(async context => await context.Request.Body.CopyToAsync(context.Response.Body));
        await using var gateway = await StartAsync(backend);
        using var client = Client(gateway, Version.Parse(version), protocol);
        for (var i = 0; i < 5; i++)
        {
            var body = RandomNumberGenerator.GetBytes(300_000);
            using var content = new ByteArrayContent(body);
            using var answer = await client.PostAsync(Root, content);
            Assert.Equal(Version.Parse(version), answer.Version);
            Assert.Equal(body, await answer.Content.ReadAsByteArrayAsync());
        }

        await gateway.LoggedAsync("on the event loops");
        Assert.Equal(1, await gateway.MetricAsync("gateway_tls_handshakes_total", ("version", protocol == SslProtocols.Tls13 ? "1.3" : "1.2")));
    }

    [Fact]
    public async Task A_name_without_a_certificate_is_refused_and_counted()
    {
        await using var backend = await KestrelBackend.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await StartAsync(backend);
        await Assert.ThrowsAnyAsync<Exception>(() => SessionAsync(gateway, "other.example"));

        await Eventually.IsAsync(async () => await gateway.MetricAsync(Failures, ("reason", "unknown-name")) == 1);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_client_that_has_to_show_a_certificate_is_let_in_with_one_alone(SslProtocols protocol)
    {
        await using var backend = await KestrelBackend.StartAsync(context => context.Response.WriteAsync($"{context.Request.Headers["Client-Cert"]}"));
        await using var gateway = await StartAsync(backend, new ClientCertificateSettings(ClientCertificateMode.Require, _certificates.AuthorityFile, PassesChain: false));
        using var shown = _certificates.For("client");
        using var known = Client(gateway, HttpVersion.Version11, protocol, shown);
        Assert.Equal($":{Convert.ToBase64String(shown.RawData)}:", await known.GetStringAsync(Root));

        using var unknown = Client(gateway, HttpVersion.Version11, protocol);
        await Assert.ThrowsAsync<HttpRequestException>(() => unknown.GetStringAsync(Root));
        using var others = new Certificates();
        using var foreign = others.For("client");
        using var stranger = Client(gateway, HttpVersion.Version11, protocol, foreign);
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetStringAsync(Root));

        await Eventually.IsAsync(async () => await gateway.MetricAsync(Failures, ("reason", "no-certificate")) > 0);
        await Eventually.IsAsync(async () => await gateway.MetricAsync(Failures, ("reason", "bad-certificate")) > 0);
        Assert.Equal(1, await gateway.MetricAsync("gateway_request_total"));
    }

    [Fact]
    public async Task Sessions_that_end_at_whatever_moment_leave_nothing_behind()
    {
        await using var backend = await KestrelBackend.StartAsync(context => context.Response.WriteAsync(new string('x', LargeAnswer)));
        await using var gateway = await StartAsync(backend);
        var engine = gateway.Services.GetRequiredService<EngineIngress>();
        var metrics = gateway.Services.GetRequiredService<GatewayMetrics>();
        for (var i = 0; i < 10; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(n => EndAsync(gateway, n)));
        }

        await Eventually.IsAsync(() => Task.FromResult(engine.TlsSessions == 0 && metrics.Clients == 0));
        await using var session = await SessionAsync(gateway, "shop.example"); // It still serves.
        await session.WriteAsync(Request);
        Assert.True(await session.ReadAsync(new byte[100]) > 0);
    }

    [Theory]
    [InlineData(HttpEngine.Loops)]
    [InlineData(HttpEngine.Transport)]
    [InlineData(HttpEngine.Kestrel)]
    public async Task By_default_every_engine_of_HTTP_serves_TLS_and_the_loops_by_OpenSSL(HttpEngine engine)
    {
        await using var backend = await KestrelBackend.StartAsync(context => context.Response.WriteAsync("ok"));
        var file = _certificates.FileFor("shop.example");
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: s => s with
        {
            HttpEngine = engine,
            EventLoop = EventLoopSetting.Auto,
            Tls = new() { Address = new(IPAddress.Loopback, 0), Certificates = [new(file, file, IsDefault: true)] },
        });
        await using var client = await RawClient.ConnectAsync(gateway.TlsAddress, isTls: true);
        await client.SendAsync(Request);

        Assert.Equal("ok", (await client.ReadAnswerAsync()).BodyText);
        var isAsked = Environment.GetEnvironmentVariable("GATEWAY_TEST_TLS") is not "sslstream";
        Assert.Equal(isAsked && engine == HttpEngine.Loops, gateway.Log.Any(line => line.Contains("TLS with clients uses OpenSSL", StringComparison.Ordinal)));
    }

    private Task<TestGateway> StartAsync(KestrelBackend backend, ClientCertificateSettings? clients = null)
    {
        var file = _certificates.FileFor("shop.example");
        return TestGateway.StartAsync([backend.Address], settings: s => s with
        {
            HttpEngine = HttpEngine.Loops,
            Tls = new() { Address = new(IPAddress.Loopback, 0), Engine = TlsEngine.OpenSsl, Certificates = [new(file, file, IsDefault: false)], Clients = clients },
        });
    }

    private HttpClient Client(TestGateway gateway, Version version, SslProtocols protocol, X509Certificate2? shown = null)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(_certificates.AuthorityFile);
        var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions =
            {
                TargetHost = "shop.example",
                EnabledSslProtocols = protocol,
                CertificateChainPolicy = trust,
                ClientCertificateContext = shown is null ? null : SslStreamCertificateContext.Create(shown, null, offline: true),
            },
        })
        { BaseAddress = gateway.TlsAddress, DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        client.DefaultRequestHeaders.Host = "shop.example";
        return client;
    }

    private static async Task<SslStream> SessionAsync(TestGateway gateway, string name) => await OverAsync(await ConnectAsync(gateway), name);

    private static async Task<SslStream> OverAsync(Socket socket, string name)
    {
#pragma warning disable CA5359 // The certificate does not matter here.
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        try
        {
            await stream.AuthenticateAsClientAsync(name);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static async Task<Socket> ConnectAsync(TestGateway gateway)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, gateway.TlsAddress.Port);
        return socket;
    }

    /// <summary>Begins a session, and ends it at one of several stages.</summary>
    private static async Task EndAsync(TestGateway gateway, int moment)
    {
        using var socket = await ConnectAsync(gateway);
        if (moment % 2 == 0)
        {
            socket.LingerState = new(true, 0); // Ends with a reset.
        }

        switch (moment / 2 % 5)
        {
            case 0:
                await socket.SendAsync(RandomNumberGenerator.GetBytes(moment * 100)); // Not a ClientHello.
                break;
            case 1:
                await socket.SendAsync(new byte[] { 22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3 }); // The start of one.
                break;
            case 2:
                var shaking = OverAsync(socket, "shop.example");
                socket.Dispose();
                await ((Task)shaking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // It may have been faster.
                break;
            case 3:
                await using (var asked = await OverAsync(socket, "shop.example"))
                {
                    await asked.WriteAsync(Request);
                    await asked.WriteAsync(Request);
                    Assert.True(await asked.ReadAsync(new byte[1000]) > 0); // Most of the answer is still to come.
                }

                break;
            default:
                await using (var polite = await OverAsync(socket, "shop.example"))
                {
                    await polite.WriteAsync(Request.AsMemory(0, moment));
                    await polite.ShutdownAsync();
                }

                break;
        }
    }
}
