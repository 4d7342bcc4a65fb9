using System.Net;
using Gateway.Http.Http2;
using Gateway.Node.Engine;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Engine.Http2;

/// <summary>The HTTP/2 server itself: reused streams, windows, floods, and what is left when all clients have gone.</summary>
public sealed class Http2ServerTests
{
    private const int Streams = 100;

    [Fact]
    public async Task Streams_that_are_reset_at_any_moment_leave_nothing_to_the_requests_after_them()
    {
        await using var backend = RawBackend.Start(EchoAsync);
        await using var gateway = await StartAsync(backend);
        await using var client = await FrameClient.ConnectAsync(gateway.Http2Address);
        var random = new Random(7);
        var stream = 1;
        for (var round = 0; round < 40; round++)
        {
            for (var i = 0; i < 8; i++, stream += 2)
            {
                await AskAsync(client, stream, steps: random.Next(7), inPieces: random.Next(3) == 0);
            }

            stream += 2;
            await client.Head(stream - 2, true, path: $"/whole{stream}").SendAsync();
            Assert.Equal($"200 [x-target: /whole{stream}]", await client.ReadAnswerAsync(stream - 2));
        }

        await EndAsync(gateway, client);
    }

    [Fact]
    public async Task An_answer_waits_for_the_windows_of_its_stream_and_of_the_connection()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer(body: new string('a', 100)));
        await using var gateway = await StartAsync(backend);
        await using var client = await FrameClient.ConnectAsync(gateway.Http2Address, (SettingId.InitialWindowSize, 30));
        await client.Head(1, ends: true).SendAsync();
        Assert.Equal(FrameType.Headers, (await client.ReadAsync(1))!.Value.Header.Type);

        Assert.Equal(30, (await client.ReadAsync(1))!.Value.Payload.Length);
        await client.Widen(1, 50).SendAsync();
        Assert.Equal(50, (await client.ReadAsync(1))!.Value.Payload.Length);
        await client.Frame(FrameType.Settings, 0, 0, [0, 4, 0, 0, 0, 40]).SendAsync(); // Ten more per stream.
        Assert.Equal(10, (await client.ReadAsync(1))!.Value.Payload.Length);
        await client.Widen(1, 1000).SendAsync();

        var last = (await client.ReadAsync(1))!.Value;
        Assert.Equal((10, true), (last.Payload.Length, last.Header.Has(FrameFlags.EndStream)));
        await EndAsync(gateway, client);
    }

    [Fact]
    public async Task A_client_that_allows_nothing_holds_back_its_own_stream_and_no_other()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer(body: new string('a', 1000)));
        await using var gateway = await StartAsync(backend);
        await using var client = await FrameClient.ConnectAsync(gateway.Http2Address, (SettingId.InitialWindowSize, 0));
        await client.Head(1, ends: true).Head(3, ends: true).Widen(3, 1000).SendAsync();

        Assert.EndsWith("aaa", await client.ReadAnswerAsync(3), StringComparison.Ordinal);
        await client.Reset(1).Head(5, ends: true).Widen(5, 1000).SendAsync();
        Assert.EndsWith("aaa", await client.ReadAnswerAsync(5), StringComparison.Ordinal);
        await EndAsync(gateway, client);
    }

    [Fact]
    public async Task More_than_the_window_allows_ends_the_stream_and_frees_what_was_kept()
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await let.Task.WaitAsync(exchange.Stopping);
        });
        await using var gateway = await StartAsync(backend);
        await using var client = await FrameClient.ConnectAsync(gateway.Http2Address);
        client.Head(1, ends: false, method: "POST");
        _ = FillAsync(client); // Not all of it is taken.
        Assert.Equal("reset FlowControlError", (await client.ReadAnswerAsync(1)).Replace("goaway", "reset", StringComparison.Ordinal));
        let.SetResult();
    }

    public static TheoryData<string> Floods => ["reset", "ping", "settings", "empty data", "priority", "empty continuation", "unknown", "widening", "late trailers"];

    [Theory]
    [MemberData(nameof(Floods))]
    public async Task A_flood_ends_the_connection_and_other_clients_are_served(string kind)
    {
        await using var backend = RawBackend.Start(EchoAsync);
        await using var gateway = await StartAsync(backend);
        await using var client = await FrameClient.ConnectAsync(gateway.Http2Address);
        client.Head(1, ends: false, method: "POST");
        if (kind == "empty continuation")
        {
            client.Frame(FrameType.Headers, 0, 3, []);
        }

        if (kind == "late trailers")
        {
            await client.Head(3, ends: false, method: "POST", path: "/health").SendAsync();
            Assert.StartsWith("200", await client.ReadAnswerAsync(3), StringComparison.Ordinal);
        }

        for (var i = 0; i < 6000; i++)
        {
            _ = kind switch
            {
                "reset" => client.Head(3 + (2 * i), ends: true).Reset(3 + (2 * i)),
                "ping" => client.Frame(FrameType.Ping, 0, 0, new byte[8]),
                "settings" => client.Frame(FrameType.Settings, 0, 0, []),
                "empty data" => client.Data(1, "", ends: false),
                "priority" => client.Frame(FrameType.Priority, 0, 1, new byte[5]),
                "widening" => client.Widen(1, 1),
                "late trailers" => client.Trailers(3, ("x-a", "b")),
                "empty continuation" => client.Frame(FrameType.Continuation, 0, 3, []),
                _ => client.Frame((FrameType)77, 0, 0, []),
            };
        }

        _ = client.SendAsync();
        Assert.EndsWith("goaway EnhanceYourCalm", await client.ReadAnswerAsync(int.MaxValue), StringComparison.Ordinal);
        await using var other = await FrameClient.ConnectAsync(gateway.Http2Address);
        await other.Head(1, ends: true, path: "/other").SendAsync();
        Assert.Equal("200 [x-target: /other]", await other.ReadAnswerAsync(1));
        await EndAsync(gateway, other);
    }

    [Fact]
    public async Task A_busy_client_that_cancels_many_of_its_calls_is_not_a_flood()
    {
        await using var backend = RawBackend.Start(EchoAsync);
        await using var gateway = await StartAsync(backend);
        await using var client = await FrameClient.ConnectAsync(gateway.Http2Address);
        var stream = 1;
        for (var i = 0; i < 1000; i++, stream += 4)
        {
            await client.Head(stream, ends: true).Reset(stream).Head(stream + 2, ends: true, path: "/kept").SendAsync();
            Assert.Equal("200 [x-target: /kept]", await client.ReadAnswerAsync(stream + 2));
        }

        await EndAsync(gateway, client);
    }

    [Fact]
    public async Task The_hundred_and_first_stream_is_refused_and_may_be_tried_again()
    {
        var let = new TaskCompletionSource();
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await let.Task.WaitAsync(exchange.Stopping);
            await exchange.AnswerAsync(200, "ok");
        });
        await using var gateway = await StartAsync(backend);
        await using var client = await FrameClient.ConnectAsync(gateway.Http2Address);
        for (var i = 0; i <= Streams; i++)
        {
            client.Head((2 * i) + 1, ends: true);
        }

        await client.SendAsync();
        Assert.Equal("reset RefusedStream", await client.ReadAnswerAsync((2 * Streams) + 1));
        let.SetResult();
        Assert.Equal("200 ok", await client.ReadAnswerAsync(1));
        await client.Head((2 * Streams) + 3, ends: true).SendAsync();
        Assert.Equal("200 ok", await client.ReadAnswerAsync((2 * Streams) + 3));
    }

    [Fact]
    public async Task A_hint_before_the_answer_reaches_the_client()
    {
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await exchange.WriteAsync("HTTP/1.1 103 Early Hints\r\nX-Link: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        await using var gateway = await StartAsync(backend);
        await using var client = await FrameClient.ConnectAsync(gateway.Http2Address);
        await client.Head(1, ends: true).SendAsync();

        Assert.Equal("103 [x-link: a] 200 ok", await client.ReadAnswerAsync(1));
    }

    /// <summary>On the loops' threads: allocations of the test and its backend do not count.</summary>
    [Fact]
    public async Task A_request_allocates_nothing_once_its_connection_has_served_some()
    {
        await using var backend = RawBackend.Start(EchoAsync);
        await using var gateway = await StartAsync(backend, settings => settings with { HttpEngine = HttpEngine.Loops, EventLoops = 1 });
        await using var client = await FrameClient.ConnectAsync(gateway.Http2Address);
        var stream = 1;
        long before = 0;
        for (var i = 0; i < 600; i++)
        {
            if (i == 300)
            {
                before = await AllocatedAsync(gateway);
            }

            await client.Head(stream, false, "POST").Data(stream, "hello", ends: true).SendAsync();
            Assert.StartsWith("200", await client.ReadAnswerAsync(stream), StringComparison.Ordinal);
            await client.Head(stream + 2, ends: true).SendAsync();
            Assert.StartsWith("200", await client.ReadAnswerAsync(stream + 2), StringComparison.Ordinal);
            stream += 4;
        }

        Assert.InRange(await AllocatedAsync(gateway) - before, 0, 300 * 64); // A few of the turn's own, but none per request.
    }

    /// <summary>Sends more than all buffers on the way hold together, whatever the windows allow.</summary>
    private static async Task FillAsync(FrameClient client)
    {
        var piece = new string('a', 16 * 1024);
        for (var sent = 0; sent < 64 * 1024 * 1024; sent += piece.Length)
        {
            await client.Data(1, piece, ends: false).SendAsync();
        }
    }

    /// <summary>Sends a request and resets it after that many of its three steps.</summary>
    private static async Task AskAsync(FrameClient client, int stream, int steps, bool inPieces)
    {
        var text = $"{stream}";
        client.Head(stream, false, "POST", $"/{text}", ("content-length", $"{2 * text.Length}"));
        for (var step = 1; step < 3 && step <= steps; step++)
        {
            if (inPieces)
            {
                await client.SendAsync();
            }

            client.Data(stream, text, ends: step == 2);
        }

        if (steps <= 3)
        {
            client.Reset(stream);
        }
    }

    private static async Task<long> AllocatedAsync(TestGateway gateway)
    {
        long allocated = 0;
        await gateway.Services.GetRequiredService<EngineIngress>().TurnAsync(() => allocated = GC.GetAllocatedBytesForCurrentThread());
        return allocated;
    }

    private static async Task EchoAsync(RawExchange exchange)
    {
        var request = await exchange.ReadRequestAsync();
        await exchange.WriteAsync($"HTTP/1.1 200 OK\r\nX-Target: {request.Target}\r\nContent-Length: 0\r\n\r\n");
    }

    /// <summary>Checks that nothing is left of a client that has gone.</summary>
    private static async Task EndAsync(TestGateway gateway, FrameClient client)
    {
        await client.DisposeAsync();
        await Eventually.IsAsync(async () => await gateway.MetricAsync("gateway_client_connections") == 0 && await gateway.MetricAsync("gateway_active_requests") == 0);
    }

    private static Task<TestGateway> StartAsync(RawBackend backend, Func<GatewaySettings, GatewaySettings>? more = null) => TestGateway.StartAsync(
        [backend.Address], settings: own => (more ?? (same => same))(own with { Http2Address = new(IPAddress.Loopback, 0) }));
}
