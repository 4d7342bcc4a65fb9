using System.Net;
using System.Net.WebSockets;
using System.Text;
using Gateway.Core.Connecting;
using Gateway.Node.AccessLogs;
using Gateway.Node.Settings;
using Gateway.Tests.AccessLogs;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.EndToEnd;

/// <summary>WebSockets over HTTP/2 streams (RFC 8441), with .NET's client and HTTP/1.1 backends.</summary>
public sealed class WebSocketOverHttp2Tests
{
    [Fact]
    public async Task Messages_pass_both_ways_and_the_closing_handshake_too()
    {
        await using var backend = await EchoBackend.StartAsync();
        var log = new MemoryTarget();
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], settings: own => Http2(own) with { AccessLog = AccessLogSettings.Default }, services: services => services.AddSingleton<AccessLogTargets>(log));
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        using var socket = await ConnectAsync(gateway, client, "chat");
        Assert.Equal("chat", socket.SubProtocol);

        foreach (var text in (string[])["one", new string('x', 200_000), ""])
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);
            Assert.Equal(text, await EchoBackend.ReceiveAsync(socket));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None).WaitAsync(RawBackend.WaitTimeout);

        Assert.Equal((WebSocketState.Closed, WebSocketCloseStatus.NormalClosure), (socket.State, socket.CloseStatus));
        await gateway.StopAsync();
        Assert.Equal("completed", (string?)(await log.JsonAsync(1))[0]["end"]);
        Assert.Equal(1, await gateway.MetricAsync("gateway_request_total", ("status", "101")));
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    [Fact]
    public async Task Several_share_a_connection_with_each_other_and_with_requests()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var gateway = await StartAsync(backend.Address);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        var sockets = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ConnectAsync(gateway, client)));

        await Task.WhenAll(sockets.Select(async (socket, i) =>
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"{i}"), WebSocketMessageType.Text, true, CancellationToken.None);
            Assert.Equal($"{i}", await EchoBackend.ReceiveAsync(socket));
        }));

        Array.ForEach(sockets, socket => socket.Dispose());
        await gateway.StopAsync();
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    [Fact]
    public async Task The_backend_gets_a_handshake_of_HTTP_1_with_a_key_of_the_gateways_own()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer(403, "no"));
        await using var gateway = await StartAsync(backend.Address);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(gateway, client));

        Assert.Contains("status code '403'", refused.Message, StringComparison.Ordinal);
        var seen = Assert.Single(backend.Requests).Head;
        Assert.Equal("GET /chat?a=b HTTP/1.1", seen.StartLine);
        Assert.Equal(("websocket", "Upgrade", "13"), (seen.Value("Upgrade"), seen.Value("Connection"), seen.Value("Sec-WebSocket-Version")));
        Assert.Equal(16, Convert.FromBase64String(seen.Value("Sec-WebSocket-Key")!).Length);
        Assert.Null(seen.Value("Content-Length"));
        Assert.Null(seen.Value("Transfer-Encoding"));
    }

    [Theory]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")]
    public async Task An_answer_that_refuses_the_handshake_opens_no_tunnel(string written)
    {
        await using var backend = RawBackend.Start(RawScripts.Exactly(written));
        await using var gateway = await StartAsync(backend.Address);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(gateway, client));

        Assert.Contains("status code '502'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backends_of_HTTP_2_are_not_asked_and_the_client_gets_the_reason()
    {
        await using var backend = Http2Backend.Start(Http2Backend.AnswerAsync);
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], pool => pool with { Connections = pool.Connections with { Protocol = BackendProtocol.Http2 } }, Http2);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(gateway, client));

        Assert.Contains("status code '501'", refused.Message, StringComparison.Ordinal);
        Assert.Empty(backend.Requests);
    }

    [Fact]
    public async Task A_backend_that_breaks_it_off_resets_the_stream()
    {
        await using var backend = await KestrelBackend.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.SendAsync("hi"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
            await socket.ReceiveAsync(new byte[10], CancellationToken.None);
            context.Abort();
        }, middleware: app => app.UseWebSockets());
        await using var gateway = await StartAsync(backend.Address);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        using var socket = await ConnectAsync(gateway, client);
        Assert.Equal("hi", await EchoBackend.ReceiveAsync(socket));

        await socket.SendAsync("die"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);

        await Assert.ThrowsAsync<WebSocketException>(() => EchoBackend.ReceiveAsync(socket));
        await gateway.StopAsync();
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "body")));
    }

    [Fact]
    public async Task A_client_that_leaves_ends_it_at_the_backend()
    {
        var left = new TaskCompletionSource();
        await using var backend = await KestrelBackend.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            try
            {
                await socket.ReceiveAsync(new byte[10], CancellationToken.None);
            }
            catch (WebSocketException)
            {
                left.SetResult();
            }
        }, middleware: app => app.UseWebSockets());
        await using var gateway = await StartAsync(backend.Address);
        using (var client = new HttpMessageInvoker(new SocketsHttpHandler()))
        {
            using var socket = await ConnectAsync(gateway, client);
            socket.Abort();
        }

        await left.Task.WaitAsync(RawBackend.WaitTimeout);
        await gateway.StopAsync();
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    [Fact]
    public async Task One_that_is_open_when_the_replica_leaves_is_closed_as_going_away()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], settings: own => Http2(own) with { Drain = new() { Delay = TimeSpan.Zero, Timeout = TimeSpan.FromMilliseconds(100) } });
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        using var socket = await ConnectAsync(gateway, client);

        var stopping = gateway.StopAsync();
        var end = await socket.ReceiveAsync(new byte[10], CancellationToken.None).WaitAsync(RawBackend.WaitTimeout);

        Assert.Equal((WebSocketMessageType.Close, WebSocketCloseStatus.EndpointUnavailable), (end.MessageType, end.CloseStatus));
        await stopping;
    }

    [Fact]
    public async Task One_that_is_opened_during_the_delay_of_the_drain_brings_a_GOAWAY_with_it()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: own => Http2(own) with { Drain = new() { Delay = TimeSpan.FromHours(1) } });
        await using var client = await RawHttp2Client.ConnectAsync(gateway.Http2Address);
        using var hurry = new CancellationTokenSource();

        var stopping = gateway.StopAsync(hurry.Token);
        await gateway.LoggedAsync("draining: /ready fails");
        try
        {
            await client.HeadersAsync(
                false, (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"), (":path", "/chat"), (":authority", "x"), ("sec-websocket-version", "13"));
            while ((await client.ReadAnswerFrameAsync()).Type != RawHttp2Client.GoAway)
            {
                // Before or after the answer.
            }
        }
        finally
        {
            await hurry.CancelAsync();
            await stopping;
        }
    }

    private static Task<ClientWebSocket> ConnectAsync(TestGateway gateway, HttpMessageInvoker client, string? protocol = null) =>
        EchoBackend.ConnectAsync(gateway, client, HttpVersion.Version20, protocol);

    private static GatewaySettings Http2(GatewaySettings settings) => settings with { Http2Address = new(IPAddress.Loopback, 0) };

    private static Task<TestGateway> StartAsync(Uri backend) => TestGateway.StartAsync([backend], settings: Http2);
}
