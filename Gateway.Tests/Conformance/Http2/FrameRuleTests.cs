using Gateway.Http.Http2;

namespace Gateway.Tests.Conformance.Http2;

/// <summary>Rules of individual frame types (RFC 9113 4 to 6).</summary>
public sealed class FrameRuleTests(SharedFrameServer shared) : IClassFixture<SharedFrameServer>
{
    [Theory]
    [InlineData(FrameType.Ping, 0, 7, Http2Error.FrameSizeError)]
    [InlineData(FrameType.Ping, 0, 9, Http2Error.FrameSizeError)]
    [InlineData(FrameType.Ping, 1, 8, Http2Error.ProtocolError)]
    [InlineData(FrameType.WindowUpdate, 0, 3, Http2Error.FrameSizeError)]
    [InlineData(FrameType.WindowUpdate, 0, 5, Http2Error.FrameSizeError)]
    [InlineData(FrameType.RstStream, 1, 3, Http2Error.FrameSizeError)]
    [InlineData(FrameType.RstStream, 1, 5, Http2Error.FrameSizeError)]
    [InlineData(FrameType.RstStream, 0, 4, Http2Error.ProtocolError)]
    [InlineData(FrameType.Priority, 0, 5, Http2Error.ProtocolError)]
    [InlineData(FrameType.GoAway, 1, 8, Http2Error.ProtocolError)]
    [InlineData(FrameType.Data, 0, 8, Http2Error.ProtocolError)]
    [InlineData(FrameType.Headers, 0, 8, Http2Error.ProtocolError)]
    [InlineData(FrameType.PushPromise, 1, 8, Http2Error.ProtocolError)]
    [InlineData(FrameType.Continuation, 1, 8, Http2Error.ProtocolError)]
    [InlineData(FrameType.Data, 1, 16_385, Http2Error.FrameSizeError)]
    [InlineData((FrameType)0x77, 1, 16_385, Http2Error.FrameSizeError)]
    public async Task A_frame_of_the_wrong_size_or_on_the_wrong_stream_is_a_connection_error_6(FrameType type, int stream, int length, Http2Error expected)
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.PostAsync(1);
        await client.SendAsync(type, 0, stream, new byte[length]);

        Assert.Equal(expected, await client.EndAsync());
    }

    [OwnHttp2Fact]
    public async Task A_GOAWAY_of_less_than_eight_bytes_is_a_size_error_6_8()
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.SendAsync(FrameType.GoAway, 0, 0, new byte[7]);

        Assert.Equal(Http2Error.FrameSizeError, await client.EndAsync());
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public async Task A_PRIORITY_frame_of_another_size_than_five_is_a_size_error_6_3(int length)
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.PostAsync(1);
        await client.SendAsync(FrameType.Priority, 0, 1, new byte[length]);

        Assert.Equal(Http2Error.FrameSizeError, (await client.FaultAsync(1)).Error);
    }

    [Fact]
    public async Task PING_is_echoed_and_an_acknowledged_one_is_not_6_7()
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.SendAsync(FrameType.Ping, FrameFlags.Ack, 0, 9, 9, 9, 9, 9, 9, 9, 9);
        await client.PingAsync();

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], Assert.Single(client.Pongs));
    }

    [Fact]
    public async Task Unknown_frames_and_flags_and_the_reserved_bit_are_ignored_4_1()
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.SendAsync((FrameType)0x77, 0xff, 0, 1, 2, 3);
        await client.SendAsync((FrameType)0x10, 0, 1, 1, 2, 3); // PRIORITY_UPDATE before its stream (RFC 9218).
        var head = FrameClient.Frame(FrameType.Headers, FrameFlags.EndHeaders | 0x92, 1, RequestFields.Block(RequestFields.Head("POST")));
        head[5] |= 0x80;
        await client.WriteAsync(head);
        await client.SendAsync((FrameType)0xee, 0xff, 1);
        await client.SendAsync(FrameType.Data, 0xf6 | FrameFlags.EndStream, 1, (byte)'a');

        Assert.Equal(200, (await client.AnswerAsync(1)).Status);
    }

    [Fact]
    public async Task Padding_and_priority_are_taken_off_6_1_6_2()
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.SendAsync(
            FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.Padded | FrameFlags.Priority, 1,
            [3, 0, 0, 0, 0, 16, .. RequestFields.Block([.. RequestFields.Head("POST", "/padded")]), 0, 0, 0]);
        await client.SendAsync(FrameType.Data, FrameFlags.Padded, 1, [4, .. "hello"u8, 0, 0, 0, 0]);
        await client.SendAsync(FrameType.Data, FrameFlags.Padded, 1, 0);
        await client.SendAsync(FrameType.Data, FrameFlags.Padded | FrameFlags.EndStream, 1, 2, 0, 0);

        Assert.Equal(200, (await client.AnswerAsync(1)).Status);
        var seen = await shared.Server.Backend.WaitForRequestAsync(request => request.Target == "/padded" && request.BodyWhole);
        Assert.Equal("hello", seen.BodyText);
    }

    [Theory]
    [InlineData(FrameType.Data, FrameFlags.Padded, new byte[] { 1 })]
    [InlineData(FrameType.Data, FrameFlags.Padded, new byte[] { 5, 0, 0, 0, 0 })]
    [InlineData(FrameType.Headers, FrameFlags.Padded | FrameFlags.EndHeaders | FrameFlags.EndStream, new byte[] { 5, 0, 0, 0, 0 })]
    public async Task Padding_longer_than_the_payload_is_a_protocol_error_6_1(FrameType type, byte flags, byte[] payload)
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.PostAsync(1);
        await client.SendAsync(type, flags, 1, payload);

        Assert.Equal(Http2Error.ProtocolError, await client.EndAsync());
    }

    [Theory]
    [InlineData(FrameType.Data, FrameFlags.Padded, 0, Http2Error.ProtocolError)]
    [InlineData(FrameType.Headers, FrameFlags.Priority | FrameFlags.EndHeaders | FrameFlags.EndStream, 4, Http2Error.FrameSizeError)]
    [InlineData(FrameType.Headers, FrameFlags.Padded | FrameFlags.Priority | FrameFlags.EndHeaders | FrameFlags.EndStream, 5, Http2Error.FrameSizeError)]
    public async Task A_frame_too_small_for_what_its_flags_announce_is_an_error_4_2(FrameType type, byte flags, int length, Http2Error expected)
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.PostAsync(1);
        await client.SendAsync(type, flags, 1, new byte[length]);

        Http2Error?[] ends = FrameServer.IsKestrel ? [Http2Error.FrameSizeError, Http2Error.ProtocolError] : [expected];
        Assert.Contains(await client.EndAsync(), ends);
    }

    [Fact]
    public async Task A_header_block_that_cannot_be_decoded_is_a_compression_error_4_3()
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.SendAsync(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1, 0xbf);

        Assert.Equal(Http2Error.CompressionError, await client.EndAsync());
    }

    [Fact]
    public async Task The_dynamic_table_lives_as_long_as_the_connection_4_3()
    {
        await using var client = await shared.Server.ConnectAsync();
        var encoder = new Tests.Http.Http2.NaiveHpackEncoder();
        for (var stream = 1; stream < 9; stream += 2)
        {
            foreach (var (name, value) in RequestFields.Head("GET", "/table"))
            {
                encoder.Field(name, value, Tests.Http.Http2.Representation.Indexed, isHuffman: true);
            }

            encoder.Field("x-seen", "by all", Tests.Http.Http2.Representation.Indexed, isHuffman: true);
            await client.SendAsync(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, stream, encoder.TakeBlock());
            Assert.Equal(200, (await client.AnswerAsync(stream)).Status);
        }

        Assert.Equal(["by all", "by all", "by all", "by all"], shared.Server.Backend.Requests.Where(seen => seen.Target == "/table").Select(seen => seen.Head.Value("X-Seen")));
    }

    [Fact]
    public async Task A_head_in_pieces_lets_no_other_frame_in_6_10()
    {
        await using var client = await shared.Server.ConnectAsync();
        var block = RequestFields.Block(RequestFields.Head());
        await client.SendAsync(FrameType.Headers, FrameFlags.EndStream, 1, block[..5]);
        await client.SendAsync(FrameType.Ping, 0, 0, new byte[8]);

        Assert.Equal(Http2Error.ProtocolError, await client.EndAsync());
        Assert.Empty(client.Pongs);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(0)]
    public async Task A_CONTINUATION_of_another_stream_is_a_protocol_error_6_10(int stream)
    {
        await using var client = await shared.Server.ConnectAsync();
        var block = RequestFields.Block(RequestFields.Head());
        await client.SendAsync(FrameType.Headers, FrameFlags.EndStream, 1, block[..5]);
        await client.SendAsync(FrameType.Continuation, FrameFlags.EndHeaders, stream, block[5..]);

        Assert.Equal(Http2Error.ProtocolError, await client.EndAsync());
    }

    [Fact]
    public async Task A_CONTINUATION_behind_the_end_of_a_head_is_a_protocol_error_6_10()
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.PostAsync(1);
        await client.SendAsync(FrameType.Continuation, FrameFlags.EndHeaders, 1);

        Assert.Equal(Http2Error.ProtocolError, await client.EndAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_head_may_come_in_any_pieces_6_10(int size)
    {
        await using var client = await shared.Server.ConnectAsync();
        var pieces = RequestFields.Block(RequestFields.Head()).Chunk(Math.Max(size, 20)).ToArray();
        await client.SendAsync(FrameType.Headers, FrameFlags.EndStream, 1, size == 0 ? [] : pieces[0]);
        foreach (var piece in size == 0 ? pieces : pieces[1..])
        {
            await client.SendAsync(FrameType.Continuation, 0, 1, piece);
        }

        await client.SendAsync(FrameType.Continuation, FrameFlags.EndHeaders, 1);
        Assert.Equal(200, (await client.AnswerAsync(1)).Status);
    }
}
