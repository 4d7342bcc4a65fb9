using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gateway.Node.Limiting;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd;

/// <summary>Certificates of clients, with real sockets: which clients are admitted, and what backends get.</summary>
public sealed class ClientCertificateTests : IDisposable
{
    private static readonly Uri Root = new("/", UriKind.Relative);

    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("1.1", SslProtocols.Tls12, ClientCertificateMode.Accept)]
    [InlineData("1.1", SslProtocols.Tls13, ClientCertificateMode.Require)]
    [InlineData("2.0", SslProtocols.Tls12, ClientCertificateMode.Require)]
    [InlineData("2.0", SslProtocols.Tls13, ClientCertificateMode.Accept)]
    public async Task The_backend_gets_its_fields_and_none_of_those_that_the_client_sends_itself(string version, SslProtocols protocol, ClientCertificateMode mode)
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, mode);
        using var shown = _certificates.For("client");
        using var client = Client(gateway, shown, version, protocol);
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Root) { Version = client.DefaultRequestVersion, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            request.Headers.TryAddWithoutValidation("Client-Cert", ":Zm9yZ2Vk:");
            request.Headers.TryAddWithoutValidation("Client-Cert-Chain", ":Zm9yZ2Vk:");
            request.Headers.TryAddWithoutValidation("client_cert", "forged");
            using var answer = await client.SendAsync(request);
            Assert.Equal($"Client-Cert=:{Convert.ToBase64String(shown.RawData)}:", await answer.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Whoever_has_to_show_one_and_does_not_is_refused_and_counted(SslProtocols protocol)
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, ClientCertificateMode.Require);
        using var client = Client(gateway, null, "1.1", protocol);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(Root));
        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_tls_handshake_failures_total", ("reason", "no-certificate")) > 0); // The client retries.
        Assert.Equal(0, await gateway.MetricAsync("gateway_tls_handshakes_total"));
        Assert.Equal(0, await gateway.MetricAsync("gateway_request_total"));
    }

    [Fact]
    public async Task Whoever_may_show_one_need_not()
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, ClientCertificateMode.Accept);
        using var client = Client(gateway, null);
        Assert.Equal("", await client.GetStringAsync(Root));
    }

    [Theory]
    [InlineData(ClientCertificateMode.Accept, SslProtocols.Tls12)]
    [InlineData(ClientCertificateMode.Accept, SslProtocols.Tls13)]
    [InlineData(ClientCertificateMode.Require, SslProtocols.Tls13)]
    public async Task One_that_cannot_be_verified_is_refused_and_counted(ClientCertificateMode mode, SslProtocols protocol)
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, mode);
        using var others = new Certificates();
        using var foreign = others.For("client");
        using var expired = _certificates.For("client", TimeProvider.System.GetUtcNow().AddHours(-1));
        using var server = _certificates.For("client", usage: "1.3.6.1.5.5.7.3.1"); // For servers.
        foreach (var shown in (X509Certificate2[])[foreign, expired, server])
        {
            using var client = Client(gateway, shown, "1.1", protocol);
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(Root));
        }

        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_tls_handshake_failures_total", ("reason", "bad-certificate")) > 2);
        Assert.Equal(0, await gateway.MetricAsync("gateway_request_total"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_backend_gets_the_chain_if_the_settings_say_so(bool isWanted)
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, ClientCertificateMode.Require, isWanted);
        using var between = new Certificates(_certificates);
        using var shown = between.For("client");
        using var client = Client(gateway, shown, chain: [between.Authority]);

        var chain = isWanted ? $" Client-Cert-Chain=:{Convert.ToBase64String(between.Authority.RawData)}:" : "";
        Assert.Equal($"Client-Cert=:{Convert.ToBase64String(shown.RawData)}:{chain}", await client.GetStringAsync(Root));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Without_TLS_too_what_a_client_says_is_removed_unless_it_is_a_trusted_proxy(string version)
    {
        await using var backend = await BackendAsync();
        foreach (var trusted in (bool[])[false, true])
        {
            await using var gateway = await TestGateway.StartAsync([backend.Address], settings: s => s with
            {
                Http2Address = new(IPAddress.Loopback, 0),
                TrustedProxies = trusted ? [IPNetwork.Parse("127.0.0.0/8")] : [],
            });
            using var request = new HttpRequestMessage(HttpMethod.Get, version == "2.0" ? gateway.Http2Address : gateway.Address)
            {
                Version = Version.Parse(version),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            request.Headers.TryAddWithoutValidation("CLIENT-CERT", ":Zm9v:");
            request.Headers.TryAddWithoutValidation("client-cert-chain", ":YmFy:");
            request.Headers.TryAddWithoutValidation("client_cert", "forged"); // Not used by any proxy, but programs that treat both names alike would accept it.
            using var answer = await gateway.Client.SendAsync(request);
            Assert.Equal(trusted ? "Client-Cert=:Zm9v: Client-Cert-Chain=:YmFy:" : "", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task The_certificate_of_a_trusted_proxy_is_not_told_as_its_clients()
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, ClientCertificateMode.Require, trusted: "127.0.0.0/8");
        using var shown = _certificates.For("proxy");
        using var client = Client(gateway, shown);
        Assert.Equal("", await client.GetStringAsync(Root));
        client.DefaultRequestHeaders.Add("Client-Cert", ":Zm9v:");
        Assert.Equal("Client-Cert=:Zm9v:", await client.GetStringAsync(Root));
    }

    [Fact]
    public async Task Changed_authorities_are_in_force_for_handshakes_from_then_on()
    {
        await using var backend = await BackendAsync();
        using var others = new Certificates();
        File.Copy(_certificates.AuthorityFile, others.PathOf("clients.pem"));
        await using var gateway = await StartAsync(backend, ClientCertificateMode.Require, authorities: others.PathOf("clients.pem"));
        using var shown = others.For("client");
        using var client = Client(gateway, shown);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(Root));

        others.Write("clients.pem", "garbage");
        await gateway.LoggedAsync("clients.pem contains no certificate; keeping the current client authorities");
        others.Write("clients.pem", others.Authority.ExportCertificatePem());
        await gateway.LoggedAsync($"client authorities loaded from {others.PathOf("clients.pem")}");
        Assert.StartsWith("Client-Cert=", await client.GetStringAsync(Root), StringComparison.Ordinal);
        using var old = _certificates.For("client");
        using var refused = Client(gateway, old);
        await Assert.ThrowsAsync<HttpRequestException>(() => refused.GetStringAsync(Root));
    }

    /// <summary>A trusted proxy's certificate is not its client's: then the forwarded address counts.</summary>
    [Theory]
    [InlineData("1.1", null)]
    [InlineData("2.0", null)]
    [InlineData("1.1", "127.0.0.0/8")]
    public async Task A_rate_limit_by_certificate_gives_each_its_own_bucket_and_those_without_one_their_address(string version, string? trusted)
    {
        await using var backend = await BackendAsync();
        await using var gateway = await StartAsync(backend, ClientCertificateMode.Accept, trusted: trusted);
        await gateway.ReconfigureAsync(settings => settings with
        {
            RateLimit = new() { Requests = 2, Per = TimeSpan.FromHours(1), Burst = 2, By = RateLimitKey.Certificate },
        });
        using var one = _certificates.For("client");
        using var other = _certificates.For("other");
        var statuses = new List<(string Who, int[] Statuses)>();
        foreach (var (who, certificate) in new[] { ("one", one), ("other", other), ("nobody", null) })
        {
            var seen = new List<int>();
            for (var i = 0; i < 3; i++)
            {
                using var client = Client(gateway, certificate, version); // A connection each.
                using var answer = await client.GetAsync(Root);
                seen.Add((int)answer.StatusCode);
            }

            statuses.Add((who, [.. seen]));
        }

        int[] fresh = [200, 200, 429], empty = [429, 429, 429];
        Assert.Equal([fresh, trusted is null ? fresh : empty, trusted is null ? fresh : empty], statuses.Select(each => each.Statuses));
    }

    /// <summary>Answers with the fields on the client's certificate, in any spelling.</summary>
    private static Task<KestrelBackend> BackendAsync() => KestrelBackend.StartAsync(context => context.Response.WriteAsync(string.Join(
        ' ',
        context.Request.Headers.Where(field => field.Key.Replace('_', '-').StartsWith("Client-Cert", StringComparison.OrdinalIgnoreCase))
            .OrderBy(field => field.Key.Length).Select(field => $"{(field.Key.Length > 11 ? "Client-Cert-Chain" : "Client-Cert")}={field.Value}"))));

    private Task<TestGateway> StartAsync(KestrelBackend backend, ClientCertificateMode mode, bool passesChain = false, string? trusted = null, string? authorities = null)
    {
        var file = _certificates.FileFor("shop.example");
        return TestGateway.StartAsync([backend.Address], settings: s => s with
        {
            TrustedProxies = trusted is null ? [] : [IPNetwork.Parse(trusted)],
            Tls = new()
            {
                Address = new(IPAddress.Loopback, 0),
                Certificates = [new(file, file, IsDefault: true)],
                Clients = new(mode, authorities ?? _certificates.AuthorityFile, passesChain),
            },
        });
    }

    private static HttpClient Client(
        TestGateway gateway, X509Certificate2? certificate, string version = "1.1", SslProtocols protocol = SslProtocols.None, X509Certificate2Collection? chain = null)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "shop.example",
            EnabledSslProtocols = protocol,
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, chain, offline: true),
#pragma warning disable CA5359 // Other tests check the certificate.
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
        };
        return new(new SocketsHttpHandler { UseProxy = false, SslOptions = options })
        {
            BaseAddress = gateway.TlsAddress,
            DefaultRequestVersion = Version.Parse(version),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }
}
