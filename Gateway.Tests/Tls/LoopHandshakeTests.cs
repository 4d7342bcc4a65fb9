using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Gateway.Node.Metrics;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Tls;

/// <summary>Handshakes on the event loops, with real sockets.</summary>
public sealed class LoopHandshakeTests : IDisposable
{
    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData(16, 0)]
    [InlineData(17, 1)]
    public async Task A_client_may_show_sixteen_certificates_and_no_more(int count, int refused)
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(backend, tls => tls with { Clients = new(ClientCertificateMode.Require, _certificates.AuthorityFile) });
        List<Certificates> between = [];
        for (var i = 1; i < count; i++)
        {
            between.Add(new(between.LastOrDefault() ?? _certificates, $"authority {i} between"));
        }

        using var own = between[^1].For("client");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, gateway.TlsAddress.Port);
        await using var client = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "shop.example",
            ClientCertificateContext = SslStreamCertificateContext.Create(own, [.. between.Select(authority => authority.Authority)], offline: true),
        });

        if (refused == 0)
        {
            await client.WriteAsync("GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n"u8.ToArray());
            Assert.True(await client.ReadAsync(new byte[100]) > 0);
        }

        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_tls_handshakes_total") + await FailuresAsync(gateway) == 1);
        Assert.Equal(refused, await gateway.MetricAsync("gateway_tls_handshake_failures_total", ("reason", "bad-certificate")));
        between.ForEach(authority => authority.Dispose());
    }

    /// <summary>Its drain would last an hour.</summary>
    [Theory]
    [InlineData(ProxyProtocolMode.Off)]
    [InlineData(ProxyProtocolMode.Accept)]
    [InlineData(ProxyProtocolMode.Require)]
    public async Task One_that_has_sent_nothing_does_not_hold_up_the_drain_and_is_not_a_fault(ProxyProtocolMode greeting)
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(backend, more: settings => settings with
        {
            ProxyProtocol = greeting,
            TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")],
            Drain = new() { Delay = TimeSpan.Zero, Timeout = TimeSpan.FromHours(1) },
        });
        var metrics = gateway.Services.GetRequiredService<GatewayMetrics>();
        await using var silent = await RawClient.ConnectAsync(gateway.TlsAddress);
        await Eventually.IsAsync(() => metrics.Tls.Handshakes == 1);

        await gateway.StopAsync().WaitAsync(RawBackend.WaitTimeout);

        Assert.Empty(await silent.ReadToEndAsync());
        Assert.Equal((0, 0.0), (metrics.Tls.Handshakes, await FailuresAsync(gateway)));
        Assert.Equal(0, await gateway.MetricAsync("gateway_connections_refused_total", ("reason", "proxy-protocol")));
    }

    private static Task<double> FailuresAsync(TestGateway gateway) => gateway.MetricAsync("gateway_tls_handshake_failures_total");

    private Task<TestGateway> StartAsync(RawBackend backend, Func<TlsSettings, TlsSettings>? tls = null, Func<GatewaySettings, GatewaySettings>? more = null)
    {
        var file = _certificates.FileFor("shop.example");
        var served = new TlsSettings { Address = new(IPAddress.Loopback, 0), Engine = TlsEngine.OpenSsl, Certificates = [new(file, file, IsDefault: true)] };
        return TestGateway.StartAsync([backend.Address], settings: settings => (more?.Invoke(settings) ?? settings) with { HttpEngine = HttpEngine.Loops, Tls = tls?.Invoke(served) ?? served });
    }
}
