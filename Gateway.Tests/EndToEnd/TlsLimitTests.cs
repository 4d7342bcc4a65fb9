using System.Net;
using Gateway.Node.Metrics;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.EndToEnd;

/// <summary>Limits of clients over TLS: stalled handshakes, the most connections, and the drain.</summary>
public sealed class TlsLimitTests : IDisposable
{
    private static readonly Uri Root = new("/", UriKind.Relative);

    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task Handshakes_that_stall_hold_nothing_up_and_are_given_up()
    {
        await using var backend = await KestrelBackend.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await StartAsync(backend);
        var stalled = new List<RawClient>();
        for (var i = 0; i < 50; i++)
        {
            var client = await RawClient.ConnectAsync(gateway.TlsAddress);
            await client.SendAsync(new byte[] { 22, 3, 1, 1, 0, 1 }); // The start of a ClientHello.
            stalled.Add(client);
        }

        using (var client = Client(gateway))
        {
            Assert.Equal("ok", await client.GetStringAsync(Root));
        }

        Assert.Equal(0, await gateway.MetricAsync("gateway_tls_handshake_failures_total"));
        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_tls_handshake_failures_total", ("reason", "timeout")) == stalled.Count);
        foreach (var client in stalled)
        {
            Assert.Empty(await client.ReadToEndAsync());
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Handshakes_count_among_the_most_connections_and_make_room_when_they_end()
    {
        await using var backend = await KestrelBackend.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await StartAsync(backend, s => s with { HttpEngine = HttpEngine.Loops, Limits = s.Limits with { MaxClientConnections = 2 } });
        await using var one = await RawClient.ConnectAsync(gateway.TlsAddress);
        var two = await RawClient.ConnectAsync(gateway.TlsAddress);
        await one.SendAsync(new byte[] { 22 });
        await two.SendAsync(new byte[] { 22 });
        var tls = gateway.Services.GetRequiredService<GatewayMetrics>().Tls;
        await Eventually.IsAsync(() => tls.Handshakes == 2); // Connections may be accepted in another order than they were made in.
        using var client = Client(gateway);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(Root));
        await Assert.ThrowsAsync<HttpRequestException>(() => gateway.Client.GetStringAsync(Root)); // Nor over plain TCP.

        await two.DisposeAsync();
        await Eventually.IsAsync(async () => await AnswersAsync(client));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task The_drain_lets_what_is_under_way_finish_and_ends_the_sessions(string version)
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = await KestrelBackend.StartAsync(async context =>
        {
            begun.TrySetResult();
            await held.Task;
            await context.Response.WriteAsync("ok");
        });
        await using var gateway = await StartAsync(backend);
        using var client = Client(gateway, version);
        var answer = client.GetStringAsync(Root);
        await begun.Task;
        var stopping = gateway.StopAsync();
        await Eventually.IsAsync(() => gateway.State.Draining);
        held.SetResult();
        Assert.Equal("ok", await answer);
        await stopping;
        Assert.Equal(0, await gateway.MetricAsync("gateway_client_connections"));
    }

    [Fact]
    public async Task A_handshake_that_stalls_does_not_hold_up_the_end()
    {
        await using var backend = await KestrelBackend.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var gateway = await StartAsync(backend, s => s with { Drain = s.Drain with { Timeout = TimeSpan.FromSeconds(1) } });
        await using var stalled = await RawClient.ConnectAsync(gateway.TlsAddress);
        await stalled.SendAsync(new byte[] { 22, 3, 1 });
        using (var client = Client(gateway))
        {
            await client.GetStringAsync(Root);
        }

        await gateway.StopAsync();
        Assert.Empty(await stalled.ReadToEndAsync());
        Assert.Equal(0, await gateway.MetricAsync("gateway_tls_handshake_failures_total", ("reason", "timeout"))); // Shutdown did not wait for it.
    }

    private static async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            return await client.GetStringAsync(Root) == "ok";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Task<TestGateway> StartAsync(KestrelBackend backend, Func<GatewaySettings, GatewaySettings>? more = null)
    {
        var file = _certificates.FileFor("shop.example");
        return TestGateway.StartAsync([backend.Address], settings: s => (more?.Invoke(s) ?? s) with
        {
            Tls = new() { Address = new(IPAddress.Loopback, 0), Certificates = [new(file, file, IsDefault: true)] },
        });
    }

    private static HttpClient Client(TestGateway gateway, string version = "1.1") => new(new SocketsHttpHandler
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
