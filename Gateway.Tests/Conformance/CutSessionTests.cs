using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance;

/// <summary>
/// Bodies that only the close ends, over TLS: complete when the endpoint has ended the session, possibly truncated when only the connection beneath it has
/// ended (RFC 9112 9.8).
/// </summary>
public sealed class CutSessionTests : IDisposable
{
    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("until the close")]
    public async Task A_body_that_the_endpoint_ends_is_whole(string body)
    {
        await using var gateway = await StartAsync($"HTTP/1.1 200 OK\r\n\r\n{body}", endsSession: true);

        var answer = await RawClient.AskAsync(gateway.Address, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal((200, body, true), (answer.Status, answer.BodyText, answer.Body.Whole));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nuntil the cl")]
    public async Task One_that_is_cut_off_never_looks_whole(string answer)
    {
        await using var gateway = await StartAsync(answer, endsSession: false);
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");

        var got = Encoding.Latin1.GetString(await client.ReadToEndAsync());

        Assert.DoesNotContain("0\r\n\r\n", got, StringComparison.Ordinal);
        Assert.True(client.End == RawEnd.Reset || got.StartsWith("HTTP/1.1 502", StringComparison.Ordinal), got);
        await gateway.StopAsync();
        Assert.Equal(1, await gateway.MetricAsync("gateway_backend_failures_total", ("reason", "body")));
    }

    [Fact]
    public async Task A_length_says_more_than_the_end_of_the_session()
    {
        await using var gateway = await StartAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole", endsSession: false);

        Assert.Equal("whole", (await RawClient.AskAsync(gateway.Address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).BodyText);
    }

    [Theory]
    [InlineData("\u0081\u0002", false, RawEnd.Reset)] // In the middle of a frame.
    [InlineData("\u0081\u0001x", false, RawEnd.Reset)]
    [InlineData("\u0081\u0001x\u0088\u0000", false, RawEnd.Closed)] // A close frame ends a WebSocket, with or without close_notify.
    [InlineData("\u0081\u0001x", true, RawEnd.Closed)]
    public async Task A_websocket_that_is_cut_off_never_looks_ended(string frames, bool endsSession, RawEnd end)
    {
        await using var gateway = await StartAsync(WebSocketText.Switching + frames, endsSession);
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync(WebSocketText.Handshake);
        Assert.Equal(101, (await client.ReadAnswerAsync()).Status);
        await client.SendAsync("x"); // The backend ends only now: a reset would drop an answer that is not sent yet.

        await client.ReadToEndAsync();

        Assert.Equal(end, client.End);
    }

    [Fact]
    public async Task A_websocket_that_its_client_has_ended_may_end_in_any_way()
    {
        await using var gateway = await StartAsync(WebSocketText.Switching, endsSession: false);
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync(WebSocketText.Handshake);
        Assert.Equal(101, (await client.ReadAnswerAsync()).Status);

        await client.ShutdownSendAsync();

        Assert.Empty(await client.ReadToEndAsync());
        Assert.Equal(RawEnd.Closed, client.End);
        await gateway.StopAsync();
        Assert.Equal(0, await gateway.MetricAsync("gateway_backend_failures_total"));
    }

    /// <summary>A gateway in front of a backend that answers connections one after another with these bytes over TLS and ends them.</summary>
    /// <param name="endsSession">Whether with close_notify.</param>
    private async Task<TestGateway> StartAsync(string answer, bool endsSession)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var gateway = await TestGateway.StartAsync(
            [new($"https://{listener.LocalEndpoint}")],
            pool => pool with
            {
                Connections = new() { Tls = new() { Authorities = _certificates.AuthorityFile } },
                Retry = new() { Attempts = 0 },
            });
        _ = ServeAsync(listener, answer, endsSession);
        return gateway;
    }

    private async Task ServeAsync(TcpListener listener, string answer, bool endsSession)
    {
        using var limit = new CancellationTokenSource(RawBackend.WaitTimeout);
        using var certificate = _certificates.For("127.0.0.1");
        using var socket = await listener.AcceptSocketAsync(limit.Token);
        listener.Stop();
        await using var plain = new NetworkStream(socket);
        await using var session = new SslStream(plain, leaveInnerStreamOpen: true);
        await session.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, limit.Token);
        await session.ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false, limit.Token);
        await session.WriteAsync(Encoding.Latin1.GetBytes(answer), limit.Token);
        if (answer.StartsWith(WebSocketText.Switching, StringComparison.Ordinal))
        {
            await session.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, limit.Token);
        }

        if (endsSession)
        {
            await session.ShutdownAsync();
        }

        socket.Shutdown(SocketShutdown.Send);
        await session.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, limit.Token); // The gateway closes.
    }
}
