using Gateway.Core.Connecting;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using static Gateway.Tests.Conformance.WebSocketText;

namespace Gateway.Tests.Conformance;

/// <summary>WebSockets, the only upgrade that passes.</summary>
public sealed class UpgradeTests
{
    [Fact]
    public async Task A_websocket_passes_bytes_both_ways_until_the_backend_closes()
    {
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync(Switching + "early");
            await exchange.EchoAsync(5);
            await exchange.EchoAsync(4);
            exchange.Close();
        });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Handshake);
        var answer = await client.ReadAnswerAsync();

        Assert.Equal(101, answer.Status);
        Assert.Equal("Upgrade", answer.Head.Value("Connection"), ignoreCase: true);
        Assert.Equal("websocket", answer.Head.Value("Upgrade"), ignoreCase: true);
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", answer.Head.Value("Sec-WebSocket-Accept"));
        Assert.Equal("early"u8.ToArray(), await client.ReadBytesAsync(5));
        Assert.Equal(1, passage.Gateway.Pool.Endpoints[0].Cell.InFlight);

        await client.SendAsync("\0\r\n\u0081\u00ff");
        Assert.Equal([0, 13, 10, 0x81, 0xff], await client.ReadBytesAsync(5));
        await client.SendAsync("last");
        Assert.Equal("last"u8.ToArray(), await client.ReadToEndAsync());
        Assert.Equal(RawEnd.Closed, client.End);

        var seen = Assert.Single(passage.Backend.Requests).Head;
        Assert.Equal("websocket", seen.Value("Upgrade"), ignoreCase: true);
        Assert.Equal("Upgrade", seen.Value("Connection"), ignoreCase: true);
        Assert.Equal("dGhlIHNhbXBsZSBub25jZQ==", seen.Value("Sec-WebSocket-Key"));
        Assert.Empty(seen.Values("Content-Length")); // Strict servers refuse a handshake that has one.
        Assert.Empty(seen.Values("Transfer-Encoding"));
    }

    [Fact]
    public async Task Bytes_sent_before_a_client_closes_reach_the_backend()
    {
        var heard = new TaskCompletionSource<string>();
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync(Switching);
            heard.SetResult(await exchange.ReadToEndAsync());
        });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Handshake);
        Assert.Equal(101, (await client.ReadAnswerAsync()).Status);

        await client.SendAsync("goodbye");
        await client.ShutdownSendAsync();

        Assert.Equal("goodbye", await heard.Task.WaitAsync(RawBackend.WaitTimeout));
        await passage.Gateway.StopAsync();
        Assert.Equal(0, await passage.Gateway.MetricAsync("gateway_backend_failures_total"));
    }

    [Fact]
    public async Task A_backend_that_breaks_a_websocket_off_has_failed()
    {
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync(Switching);
            await exchange.EchoAsync(1);
            exchange.Reset();
        });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Handshake);
        Assert.Equal(101, (await client.ReadAnswerAsync()).Status);

        await client.SendAsync("x");
        await client.ReadToEndAsync();

        await passage.Gateway.StopAsync();
        Assert.Equal(1, await passage.Gateway.MetricAsync("gateway_backend_failures_total", ("reason", "body")));
    }

    [Fact]
    public async Task A_websocket_on_which_nobody_speaks_is_closed_and_nobody_is_to_blame()
    {
        await using var passage = await Passage.StartAsync(
            async exchange =>
            {
                await exchange.ReadHeadAsync();
                await exchange.WriteAsync(Switching);
                await exchange.HangAsync();
            },
            pool => pool with { Timeouts = new() { Idle = TimeSpan.FromMilliseconds(200) } });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Handshake);
        Assert.Equal(101, (await client.ReadAnswerAsync()).Status);

        Assert.Empty(await client.ReadToEndAsync());

        await passage.Gateway.StopAsync();
        Assert.Equal(0, await passage.Gateway.MetricAsync("gateway_backend_failures_total"));
        Assert.Equal(0, passage.Gateway.Pool.Endpoints[0].Cell.InFlight);
    }

    [Fact]
    public async Task Backends_of_HTTP_2_are_not_asked_to_switch()
    {
        await using var backend = Http2Backend.Start(Http2Backend.AnswerAsync);
        await using var gateway = await TestGateway.StartAsync(
            [backend.Address], pool => pool with { Connections = pool.Connections with { Protocol = BackendProtocol.Http2 } });

        var answer = await RawClient.AskAsync(gateway.Address, Handshake);

        Assert.Equal((200, null), (answer.Status, Assert.Single(backend.Requests).Value("upgrade")));
    }

    [Fact]
    public async Task A_websocket_ends_when_the_client_leaves()
    {
        var left = new TaskCompletionSource();
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync(Switching);
            await exchange.HangAsync();
            left.SetResult();
        });
        await using (var client = await passage.ConnectAsync())
        {
            await client.SendAsync(Handshake);
            Assert.Equal(101, (await client.ReadAnswerAsync()).Status);
        }

        await left.Task.WaitAsync(RawBackend.WaitTimeout);
    }

    [Fact]
    public async Task A_websocket_whose_client_is_cut_off_is_cut_off_for_the_backend()
    {
        var left = new TaskCompletionSource<RawEnd>();
        await using var passage = await Passage.StartAsync(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync(Switching);
            await exchange.HangAsync();
            left.SetResult(exchange.End);
        });
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Handshake);
        Assert.Equal(101, (await client.ReadAnswerAsync()).Status);

        client.Reset();

        Assert.Equal(RawEnd.Reset, await left.Task.WaitAsync(RawBackend.WaitTimeout));
    }

    [Fact]
    public async Task A_refused_upgrade_is_an_answer_like_any_other()
    {
        await using var passage = await Passage.StartAsync(RawScripts.Answer(403, "not you"));
        await using var client = await passage.ConnectAsync();
        await client.SendAsync(Handshake);
        var answer = await client.ReadAnswerAsync();
        Assert.Equal((403, "not you"), (answer.Status, answer.BodyText));
        await Passage.SettleAsync(client);
    }

    [Theory]
    [InlineData("Connection: Upgrade\r\nUpgrade: h2c\r\n")]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket, h2c\r\n")]
    [InlineData("Connection: Upgrade\r\nUpgrade: h2c\r\nUpgrade: websocket\r\n")]
    [InlineData("Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n")]
    [InlineData("Connection: Upgrade\r\nUpgrade: TLS/1.2\r\n")]
    [InlineData("Upgrade: websocket\r\n")]
    public async Task No_other_upgrade_passes(string fields)
    {
        await using var passage = await Passage.StartAsync();
        var seen = await passage.SendAsync($"GET / HTTP/1.1\r\nHost: x\r\n{fields}\r\n");
        Assert.Empty(seen.Head.Values("Upgrade"));
        Assert.Empty(seen.Head.Values("Connection"));
    }

    [Fact]
    public async Task A_body_may_come_with_an_upgrade_that_is_not_served()
    {
        await using var passage = await Passage.StartAsync();
        var seen = await passage.SendAsync(
            "POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAA\r\n" +
            "Content-Length: 5\r\n\r\nhello");
        Assert.Equal("hello", seen.BodyText);
        Assert.Empty(seen.Head.Values("Upgrade"));
    }

    [Fact]
    public async Task A_switch_that_nobody_asked_for_is_not_passed_on()
    {
        await using var passage = await Passage.AnsweringAsync(Switching + "bytes of another protocol");
        var answer = await passage.AskAsync("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(502, answer.Status);
        Assert.DoesNotContain("another protocol", answer.RawText, StringComparison.Ordinal);
    }
}
