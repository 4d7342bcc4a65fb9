using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using Gateway.Wire.Tls;

namespace Gateway.Tests.Wire.Tls;

/// <summary>The results of handshakes, and refusals.</summary>
public sealed class TlsHandshakeTests
{
    private const byte UnrecognizedName = 112;
    private const byte InternalError = 80;
    private const byte NoApplicationProtocol = 120;
    private const byte HandshakeFailure = 40;

    [Theory]
    [InlineData("shop.example")]
    [InlineData("other.example")]
    public async Task The_name_that_the_client_asks_for_chooses_the_certificate(string name)
    {
        await using var server = await new TlsServer().StartAsync();
        await using var client = await server.ConnectAsync(o => o.TargetHost = name);

        Assert.Equal($"CN={name}", client.RemoteCertificate!.Subject);
    }

    [Fact]
    public async Task A_name_without_a_certificate_is_refused_by_its_alert() =>
        await IsRefusedAsync(new TlsServer(), UnrecognizedName, o => o.TargetHost = "unknown.example");

    [Theory]
    [InlineData("h2,http/1.1", true, "h2")]
    [InlineData("http/1.1,h2", true, "h2")]
    [InlineData("h2,http/1.1", false, "http/1.1")]
    [InlineData("http/1.1", true, "http/1.1")]
    [InlineData("", true, "")]
    public async Task The_protocol_is_one_that_both_have(string offered, bool takesHttp2, string agreed)
    {
        await using var server = await new TlsServer { OffersHttp2 = takesHttp2 }.StartAsync();
        await using var client = await server.ConnectAsync(o => o.ApplicationProtocols = ProtocolsOf(offered));

        Assert.Equal(agreed, client.NegotiatedApplicationProtocol.ToString());
        var session = await server.NextAsync();
        await session.Connected;
        Assert.Equal(agreed == "h2", ((TlsChannel)session.Channel).IsHttp2);
    }

    [Fact]
    public async Task Whoever_offers_other_protocols_alone_is_refused() =>
        await IsRefusedAsync(new TlsServer(), NoApplicationProtocol, o => o.ApplicationProtocols = ProtocolsOf("spdy/1"));

    /// <summary>Without forward secrecy anyone with the key can read recorded traffic; .NET has none with SHA-1 either.</summary>
    [Theory]
    [InlineData(TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA)]
    [InlineData(TlsCipherSuite.TLS_RSA_WITH_AES_256_GCM_SHA384)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256)]
    [UnsupportedOSPlatform("windows")]
    public async Task Cipher_suites_that_NETs_own_TLS_does_not_have_are_refused(TlsCipherSuite suite) => await IsRefusedAsync(new TlsServer(), HandshakeFailure, o =>
    {
        o.EnabledSslProtocols = SslProtocols.Tls12;
        o.CipherSuitesPolicy = new([suite]);
    });

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_suites_of_NETs_own_TLS_are_taken()
    {
        await using var server = await new TlsServer().StartAsync();
        await using var client = await server.ConnectAsync(o =>
        {
            o.EnabledSslProtocols = SslProtocols.Tls12;
            o.CipherSuitesPolicy = new([TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256]);
        });

        Assert.Equal(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, client.NegotiatedCipherSuite);
    }

    [Theory]
    [InlineData(CertificateDemand.None, false, SslProtocols.Tls13)]
    [InlineData(CertificateDemand.Accepted, true, SslProtocols.Tls13)]
    [InlineData(CertificateDemand.Required, true, SslProtocols.Tls13)]
    [InlineData(CertificateDemand.Accepted, true, SslProtocols.Tls12)]
    [InlineData(CertificateDemand.Required, true, SslProtocols.Tls12)]
    public async Task A_client_shows_its_certificate_where_it_is_asked_for_one(CertificateDemand demand, bool isShown, SslProtocols protocol)
    {
        byte[]? seen = null;
        await using var server = await new TlsServer
        {
            Demand = demand,
            Checks = shown =>
            {
                seen = shown[0];
                return true;
            },
        }.StartAsync();
        using var certificate = server.Certificates.For("client");
        await using var client = await server.ConnectAsync(o =>
        {
            o.EnabledSslProtocols = protocol;
            o.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true);
        });
        await (await server.NextAsync()).Connected;

        Assert.Equal(isShown ? certificate.RawData : null, seen);
    }

    [Theory]
    [InlineData(CertificateDemand.Required, false, TlsFailure.NoCertificate)]
    [InlineData(CertificateDemand.Required, true, TlsFailure.Protocol)]
    [InlineData(CertificateDemand.Accepted, true, TlsFailure.Protocol)]
    public async Task A_client_whose_certificate_is_missing_or_not_taken_is_refused(CertificateDemand demand, bool shows, TlsFailure failure)
    {
        await using var server = await new TlsServer { Demand = demand, Checks = _ => false }.StartAsync();
        using var certificate = server.Certificates.For("client");
        await Assert.ThrowsAnyAsync<Exception>(() => server.ConnectAsync(o =>
        {
            o.EnabledSslProtocols = SslProtocols.Tls12;
            o.ClientCertificateContext = shows ? SslStreamCertificateContext.Create(certificate, null, offline: true) : null;
        }));

        var session = await server.NextAsync();
        Assert.NotEqual(0, await session.Closed);
        Assert.Equal(failure, ((TlsChannel)session.Channel).Failure);
    }

    [Fact]
    public async Task An_exception_of_the_policy_ends_the_handshake_and_is_reported()
    {
        var fault = new InvalidOperationException("a fault of the test");
        var server = new TlsServer { Throws = fault };
        await IsRefusedAsync(server, InternalError, _ => { }, () =>
        {
            Assert.True(server.Running.Faults.TryDequeue(out var told));
            Assert.Same(fault, told);
        });
    }

    /// <summary>With a clock on which every handshake uses up its share of the turn.</summary>
    [Fact]
    public async Task Handshakes_that_have_to_wait_for_their_turn_go_on_by_themselves()
    {
        await using var server = await new TlsServer(time: new AcceleratedTime()).StartAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => server.ConnectAsync()));

        foreach (var client in clients)
        {
            await client.WriteAsync("x"u8.ToArray());
            await client.DisposeAsync();
        }

        for (var i = 0; i < clients.Length; i++)
        {
            var session = await server.NextAsync();
            await session.Ended;
            Assert.Single(session.Bytes);
            await server.Running.Do(session.Channel.Close);
        }
    }

    private static List<SslApplicationProtocol> ProtocolsOf(string names) => [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => new SslApplicationProtocol(name))];

    /// <summary>Asserts that the client's last input is the alert.</summary>
    private static async Task IsRefusedAsync(TlsServer server, byte alert, Action<SslClientAuthenticationOptions> with, Action? then = null)
    {
        await using var started = await server.StartAsync();
        ShapedStream? beneath = null;
        await Assert.ThrowsAnyAsync<Exception>(() => server.ConnectAsync(with, stream => beneath = new(stream)));

        var session = await server.NextAsync();
        Assert.NotEqual(0, await session.Closed);
        Assert.Equal([2, alert], beneath!.Seen[^2..]);
        Assert.DoesNotContain("connected", session.Told);
        await server.Running.Do(() => { });
        then?.Invoke();
    }

    /// <summary>Each reading is milliseconds after the previous one.</summary>
    private sealed class AcceleratedTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => Interlocked.Add(ref _now, 3000);
    }
}
