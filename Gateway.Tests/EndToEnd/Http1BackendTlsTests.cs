using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Gateway.Core.Connecting;
using Gateway.Core.Health;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.EndToEnd;

public sealed class Http1BackendTlsTests() : BackendTlsTests(BackendProtocol.Http1)
{
    [Fact]
    public async Task A_probe_trusts_whom_traffic_trusts()
    {
        await using var backend = await StartBackendAsync("shop.internal");
        var tls = new TlsPolicy { Authorities = Certificates.AuthorityFile, ServerName = "shop.internal" };
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], pool => pool with { Connections = new() { Tls = tls }, Health = new() { Probe = new() { Kind = ProbeKind.Http, Tls = tls } } });

        await gateway.LoggedAsync("verdict Unknown -> Healthy: probe passed");
    }

    [Fact]
    public async Task Large_bodies_pass_both_ways_and_the_session_is_kept()
    {
        await using var backend = await StartBackendAsync("127.0.0.1", context =>
        {
            context.Response.ContentLength = context.Request.ContentLength;
            return context.Request.Body.CopyToAsync(context.Response.Body);
        });
        await using var gateway = await StartAsync(backend, connections => connections);
        var sent = RandomNumberGenerator.GetBytes(4 * 1024 * 1024);

        for (var asked = 0; asked < 3; asked++)
        {
            using var content = new ByteArrayContent(sent);
            using var answer = await gateway.Client.PostAsync(new Uri("/", UriKind.Relative), content);
            var echoed = await answer.Content.ReadAsByteArrayAsync();
            Assert.True(sent.AsSpan().SequenceEqual(echoed));
        }

        Assert.Equal(1, await gateway.MetricAsync("gateway_connection_creation_total"));
    }

    [Fact]
    public async Task Those_who_wait_for_one_of_few_connections_are_all_served()
    {
        await using var backend = await StartBackendAsync("127.0.0.1", context => context.Response.WriteAsync("ok"));
        await using var gateway = await StartAsync(backend, connections => connections with { Max = 2, QueueTimeout = TimeSpan.FromMinutes(1) });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await using var client = await RawClient.ConnectAsync(gateway.Address);
            for (var request = 0; request < 20; request++)
            {
                await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                Assert.Equal((200, "ok"), await client.ReadAnswerAsync() is var answer ? (answer.Status, answer.BodyText) : default);
            }
        })));

        Assert.InRange(await gateway.MetricAsync("gateway_connection_pool_size"), 0, 2);
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
        Assert.Equal(0, await gateway.MetricAsync("gateway_queue_length"));
    }

    [Fact]
    public async Task A_handshake_that_hangs_is_a_failed_connect_after_the_connect_timeout()
    {
        using var silent = Listen();
        await using var gateway = await StartAsync(
            new Uri($"https://{silent.LocalEndpoint}"), connections => connections with { ConnectTimeout = TimeSpan.FromMilliseconds(200) });

        Assert.Equal(502, (await gateway.AskAsync()).Status);

        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "connect")));
        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_connection_pool_size") == 0);
        Assert.Contains("no connection to", gateway.Pool.Endpoints[0].Cell.LastFailure?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_during_the_handshake_leaves_nothing_behind()
    {
        using var silent = Listen();
        await using var gateway = await StartAsync(
            new Uri($"https://{silent.LocalEndpoint}"), connections => connections with { ConnectTimeout = TimeSpan.FromSeconds(30) });
        await using (var client = await RawClient.ConnectAsync(gateway.Address))
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            using var connected = await silent.AcceptSocketAsync().WaitAsync(RawBackend.WaitTimeout);
            client.Reset();
            await Eventually.IsAsync(() => gateway.Pool.Endpoints[0].Cell.InFlight == 0);
        }

        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_connection_pool_size") == 0);
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private Task<TestGateway> StartAsync(KestrelBackend backend, Func<ConnectionPolicy, ConnectionPolicy> connections) => StartAsync(backend.Address, connections);

    private Task<TestGateway> StartAsync(Uri backend, Func<ConnectionPolicy, ConnectionPolicy> connections) => TestGateway.StartAsync(
        [backend],
        pool => pool with
        {
            Connections = connections(new() { Tls = new() { Authorities = Certificates.AuthorityFile } }),
            Retry = new() { Attempts = 0 },
        });
}
