using Gateway.Http.Http2;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance.Http2;

/// <summary>The frames allowed in each state of a stream (RFC 9113 5.1), and the end of the connection (6.8).</summary>
public sealed class StreamStateTests(SharedFrameServer shared) : IClassFixture<SharedFrameServer>
{
    [Theory]
    [InlineData(FrameType.Data, 1)]
    [InlineData(FrameType.RstStream, 4)]
    [InlineData(FrameType.WindowUpdate, 4)]
    public async Task A_frame_on_an_idle_stream_is_a_protocol_error_5_1(FrameType type, int length)
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.SendAsync(type, 0, 1, [.. new byte[length - 1], 1]);

        Assert.Equal(Http2Error.ProtocolError, await client.EndAsync());
    }

    [Theory]
    [InlineData(FrameType.Data, 1)]
    [InlineData(FrameType.Headers, 1)]
    [InlineData(FrameType.RstStream, 4)]
    [InlineData(FrameType.WindowUpdate, 4)]
    public async Task A_frame_on_a_stream_of_the_servers_is_a_protocol_error_5_1_1(FrameType type, int length)
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.GetAsync(3);
        await client.AnswerAsync(3);
        await client.SendAsync(type, FrameFlags.EndHeaders, 2, type == FrameType.Headers ? RequestFields.Block(RequestFields.Head()) : [.. new byte[length - 1], 1]);

        Assert.Equal(Http2Error.ProtocolError, await client.EndAsync());
    }

    [Fact]
    public async Task A_lower_number_than_the_last_opens_no_stream_5_1_1()
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.GetAsync(5, "/lower");
        await client.AnswerAsync(5);
        await client.GetAsync(3, "/lower");

        Assert.Equal(FrameServer.IsKestrel ? Http2Error.StreamClosed : Http2Error.ProtocolError, await client.EndAsync());
        Assert.Single(shared.Server.Backend.Requests, seen => seen.Target == "/lower");
    }

    [Fact]
    public async Task PRIORITY_may_come_for_a_stream_that_is_idle_or_closed_5_1()
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.SendAsync(FrameType.Priority, 0, 7, 0, 0, 0, 0, 1);
        await client.GetAsync(1);
        await client.AnswerAsync(1);
        await client.SendAsync(FrameType.Priority, 0, 1, 0, 0, 0, 0, 1);
        await client.GetAsync(3);

        Assert.Equal(200, (await client.AnswerAsync(3)).Status);
    }

    [Fact]
    public async Task WINDOW_UPDATE_and_RST_STREAM_may_come_for_a_stream_that_has_just_ended_5_1()
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.GetAsync(1);
        await client.AnswerAsync(1);
        await client.WindowAsync(1, 1000);
        await client.ResetAsync(1);
        await client.GetAsync(3);

        Assert.Equal(200, (await client.AnswerAsync(3)).Status);
    }

    [Theory]
    [InlineData(FrameType.Data)]
    [InlineData(FrameType.Headers)]
    public async Task A_frame_after_the_end_of_a_request_is_an_error_of_a_closed_stream_5_1(FrameType type)
    {
        var path = $"/behind-{type}";
        var let = new TaskCompletionSource();
        await using var server = await FrameServer.StartAsync(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await let.Task.WaitAsync(exchange.Stopping);
            await exchange.AnswerAsync(200, "ok");
        });
        await using var client = await server.ConnectAsync();
        await client.HeadersAsync(1, false, RequestFields.Head("POST", path));
        await client.DataAsync(1, "all", end: true);
        await server.Backend.WaitForRequestAsync(seen => seen.BodyWhole);
        await SendAsync(client, type, 1, path);

        Assert.Equal(Http2Error.StreamClosed, (await client.FaultAsync(1)).Error);
        let.SetResult();
        Assert.Equal("all", Assert.Single(server.Backend.Requests).BodyText);
    }

    [Theory]
    [InlineData(FrameType.Data)]
    [InlineData(FrameType.Headers)]
    public async Task A_frame_after_the_clients_own_reset_is_an_error_of_a_closed_stream_5_1(FrameType type)
    {
        var path = $"/reset-{type}";
        await using var client = await shared.Server.ConnectAsync();
        await client.HeadersAsync(1, false, RequestFields.Head("POST", path));
        await client.ResetAsync(1);
        await SendAsync(client, type, 1, path);

        Assert.Equal(Http2Error.StreamClosed, (await client.FaultAsync(1)).Error);
        Assert.DoesNotContain(shared.Server.Backend.Requests, seen => seen.Target == path && seen.BodyWhole);
    }

    [Theory]
    [InlineData(FrameType.Data)]
    [InlineData(FrameType.Headers)]
    public async Task A_frame_on_a_stream_that_both_have_ended_is_an_error_of_a_closed_stream_5_1(FrameType type)
    {
        var path = $"/closed-{type}";
        await using var client = await shared.Server.ConnectAsync();
        await client.GetAsync(1, path);
        await client.AnswerAsync(1);
        await SendAsync(client, type, 1, path);

        Assert.Equal(Http2Error.StreamClosed, (await client.FaultAsync(1)).Error);
        Assert.Single(shared.Server.Backend.Requests, seen => seen.Target == path);
    }

    [Fact]
    public async Task Trailers_that_do_not_end_the_request_are_malformed_8_1()
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.HeadersAsync(1, false, RequestFields.Head("POST", "/unended"));
        await client.DataAsync(1, "some");
        await client.HeadersAsync(1, false, ("x-trailer", "1"));

        Assert.Equal(Http2Error.ProtocolError, (await client.FaultAsync(1)).Error);
        Assert.DoesNotContain(shared.Server.Backend.Requests, seen => seen.Target == "/unended" && seen.BodyWhole);
    }

    [Theory]
    [InlineData(FrameType.Headers)]
    [InlineData(FrameType.Priority)]
    public async Task A_stream_does_not_depend_on_itself_5_3_1(FrameType type)
    {
        await using var client = await shared.Server.ConnectAsync();
        if (type == FrameType.Headers)
        {
            await client.SendAsync(
                type, FrameFlags.Priority | FrameFlags.EndHeaders | FrameFlags.EndStream, 1, [0, 0, 0, 1, 16, .. RequestFields.Block(RequestFields.Head("GET", "/itself"))]);
        }
        else
        {
            await client.HeadersAsync(1, false, RequestFields.Head("POST", "/itself"));
            await client.SendAsync(type, 0, 1, 0, 0, 0, 1, 16);
        }

        Assert.Equal(Http2Error.ProtocolError, (await client.FaultAsync(1)).Error);
        Assert.DoesNotContain(shared.Server.Backend.Requests, seen => seen.Target == "/itself" && seen.BodyWhole);
    }

    [Fact]
    public async Task More_streams_than_announced_are_refused_unprocessed_and_the_others_go_on_5_1_2()
    {
        var let = new TaskCompletionSource();
        await using var server = await FrameServer.StartAsync(async exchange =>
        {
            await exchange.ReadRequestAsync();
            await let.Task.WaitAsync(exchange.Stopping);
            await exchange.AnswerAsync(200, "ok");
        });
        await using var client = await server.ConnectAsync();
        var most = (int)client.Settings[SettingId.MaxConcurrentStreams];
        for (var i = 0; i < most + 3; i++)
        {
            await client.GetAsync((2 * i) + 1, i < most ? "/within" : "/beyond");
        }

        for (var i = most; i < most + 3; i++)
        {
            Assert.Equal(new(false, Http2Error.RefusedStream), await client.FaultAsync((2 * i) + 1));
        }

        let.SetResult();
        for (var i = 0; i < most; i++)
        {
            Assert.Equal(200, (await client.AnswerAsync((2 * i) + 1)).Status);
        }

        Assert.DoesNotContain(server.Backend.Requests, seen => seen.Target == "/beyond");
        if (!FrameServer.IsKestrel)
        {
            Assert.Equal(3, await server.Gateway.MetricAsync("gateway_http2_streams_refused_total", ("reason", "too-many")));
        }
    }

    [Fact]
    public async Task A_client_that_says_it_goes_gets_what_it_has_asked_for_and_then_the_end_6_8()
    {
        await using var server = await FrameServer.StartAsync(RawScripts.Answer(body: "whole"));
        await using var client = await server.ConnectAsync((SettingId.InitialWindowSize, 1));
        await client.GetAsync(1);
        await client.SendAsync(FrameType.GoAway, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0, .. "why"u8]);
        await client.PingAsync();
        await client.WindowAsync(1, 100);

        Assert.Equal("whole", (await client.AnswerAsync(1)).Body);
        if (!FrameServer.IsKestrel)
        {
            await client.UntilAsync(() => client.GoAway is not null);
            Assert.Equal((1, Http2Error.NoError), client.GoAway);
        }
    }

    [Fact]
    public async Task The_GOAWAY_of_an_error_names_the_last_stream_that_was_served_6_8()
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.GetAsync(1);
        await client.AnswerAsync(1);
        await client.GetAsync(7);
        await client.AnswerAsync(7);
        await client.SendAsync(FrameType.Ping, 0, 0, 1);

        Assert.Equal(Http2Error.FrameSizeError, await client.EndAsync());
        Assert.Equal(7, client.GoAway!.Value.LastStream);
    }

    private static Task SendAsync(FrameClient client, FrameType type, int stream, string path) => type == FrameType.Data
        ? client.DataAsync(stream, "more", end: true)
        : client.HeadersAsync(stream, true, RequestFields.Head("POST", path));
}
