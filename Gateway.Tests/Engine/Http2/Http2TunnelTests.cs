using System.Buffers.Binary;
using System.Net;
using Gateway.Http.Http2;
using Gateway.Node.Engine.Http2;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Engine.Http2;

/// <summary>Extended CONNECT (RFC 8441) frame by frame: data sent before a tunnel exists, or without one.</summary>
public sealed class Http2TunnelTests
{
    private const string Smuggled = "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";

    [Theory]
    [InlineData("websocket", "/chat", "403")]
    [InlineData("websocket", "/health", "502")]
    [InlineData("other", "/chat", "501")]
    public async Task Bytes_for_a_tunnel_that_never_opens_are_not_a_request(string protocol, string path, string status)
    {
        await using var backend = RawBackend.Start(async exchange =>
        {
            var request = await exchange.ReadRequestAsync();
            await exchange.AnswerAsync(request.Target == "/chat" ? 403 : 200, "said");
        });
        await using var gateway = await StartAsync(backend);
        await using var client = await FrameClient.ConnectAsync(gateway.Http2Address);
        await Connect(client, 1, protocol, path, ends: false).Data(1, Smuggled, ends: false).Data(1, Smuggled, ends: false).SendAsync();

        Assert.StartsWith(status, await client.ReadAnswerAsync(1), StringComparison.Ordinal);
        await client.Data(1, Smuggled, ends: true).Head(3, ends: true, path: "/after").SendAsync();
        Assert.Equal("200 said", await client.ReadAnswerAsync(3));
        await client.Head(5, ends: true, path: "/after").SendAsync();
        Assert.Equal("200 said", await client.ReadAnswerAsync(5));
        Assert.DoesNotContain(backend.Requests, request => request.Target == "/x");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_sent_before_the_tunnel_opens_go_through_it_and_so_does_the_end(bool hasData)
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(async exchange =>
        {
            var request = await exchange.ReadHeadAsync();
            await let.Task.WaitAsync(exchange.Stopping);
            await exchange.WriteAsync(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
                $"Sec-WebSocket-Accept: {WebSocketHandshake.AcceptOf(request.Head.Value("Sec-WebSocket-Key")!)}\r\n\r\n");
            await exchange.WriteAsync($"[{await exchange.ReadToEndAsync()}]");
            exchange.Close();
        });
        await using var gateway = await StartAsync(backend);
        await using var client = await FrameClient.ConnectAsync(gateway.Http2Address);
        Connect(client, 1, "websocket", "/chat", ends: !hasData);
        if (hasData)
        {
            client.Data(1, "early", ends: false).Data(1, "", ends: true);
        }

        await client.SendAsync();
        await backend.WaitForRequestAsync(_ => true);
        let.SetResult();

        Assert.Equal(hasData ? "200 [early]" : "200 []", await client.ReadAnswerAsync(1));
    }

    [Fact]
    public async Task Streams_that_are_not_read_hold_up_no_other()
    {
        const int Window = 256 * 1024;
        await using var backend = RawBackend.Start(async exchange =>
        {
            if ((await exchange.ReadHeadAsync()).Target == "/chat")
            {
                await exchange.HangAsync();
                return;
            }

            var request = await exchange.ReadBodyAsync();
            await exchange.AnswerAsync(200, $"{request.BodyLength}");
        });
        await using var gateway = await StartAsync(backend);
        await using var client = await FrameClient.ConnectAsync(gateway.Http2Address);
        var allowed = 65_535;
        for (var stream = 1; stream < 15; stream += 2) // Seven windows: more than the initial connection window.
        {
            Connect(client, stream, "websocket", "/chat", ends: false);
            await client.SendAsync();
            for (var sent = 0; sent < Window; sent += 16 * 1024)
            {
                while (allowed < 16 * 1024)
                {
                    allowed += await WidenedAsync(client);
                }

                allowed -= 16 * 1024;
                await client.Data(stream, new string('a', 16 * 1024), ends: false).SendAsync();
            }
        }

        while (allowed < 1000)
        {
            allowed += await WidenedAsync(client);
        }

        await client.Head(101, false, "POST").Data(101, new string('a', 1000), ends: true).SendAsync();
        Assert.Equal("200 1000", await client.ReadAnswerAsync(101));
    }

    [Fact]
    public async Task A_refusal_waits_for_the_window_as_every_answer_does()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await StartAsync(backend);
        await using var client = await FrameClient.ConnectAsync(gateway.Http2Address, (SettingId.InitialWindowSize, 0));
        await Connect(client, 1, "other", "/chat", ends: false).SendAsync();
        Assert.Equal(FrameType.Headers, (await client.ReadAsync(1))!.Value.Header.Type);

        await client.Widen(1, 10_000).SendAsync();

        Assert.EndsWith("}", await client.ReadAnswerAsync(1), StringComparison.Ordinal);
        await client.Head(3, ends: true).Widen(3, 10_000).SendAsync();
        Assert.Equal("200 ok", await client.ReadAnswerAsync(3));
    }

    /// <summary>The additional window of the connection.</summary>
    private static async Task<int> WidenedAsync(FrameClient client)
    {
        while (await client.ReadAsync() is { } frame)
        {
            if (frame.Header is { Type: FrameType.WindowUpdate, StreamId: 0 })
            {
                return BinaryPrimitives.ReadInt32BigEndian(frame.Payload);
            }
        }

        throw new EndOfStreamException("the gateway has closed");
    }

    private static FrameClient Connect(FrameClient client, int stream, string protocol, string path, bool ends) =>
        client.Head(stream, ends, "CONNECT", path, (":protocol", protocol), ("sec-websocket-version", "13"));

    private static Task<TestGateway> StartAsync(RawBackend backend) =>
        TestGateway.StartAsync([backend.Address], settings: own => own with { Http2Address = new(IPAddress.Loopback, 0) });
}
