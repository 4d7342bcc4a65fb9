using Gateway.Http.Http2;

namespace Gateway.Tests.Conformance.Http2;

/// <summary>The start of a connection (RFC 9113 3.4) and its settings (6.5).</summary>
public sealed class ConnectionStartTests(SharedFrameServer shared) : IClassFixture<SharedFrameServer>
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\rX")]
    [InlineData("PRI * HTTP/1.1\r\n\r\nSM\r\n\r\n")]
    public async Task Anything_but_the_preface_ends_the_connection_3_4(string bytes)
    {
        await using var client = await shared.Server.OpenAsync();
        await client.WriteAsync(Latin1(bytes));

        Http2Error?[] ends = FrameServer.IsKestrel ? [Http2Error.ProtocolError, Http2Error.Http11Required, Http2Error.NoError, null] : [Http2Error.ProtocolError];
        Assert.Contains(await client.EndAsync(), ends);
    }

    [OwnHttp2Fact]
    public async Task Frames_without_the_preface_end_the_connection_3_4()
    {
        await using var client = await shared.Server.OpenAsync();
        await client.WriteAsync((byte[])[.. FrameClient.Frame(FrameType.Settings, 0, 0), .. FrameClient.Frame(FrameType.Settings, 0, 0, new byte[18])]);

        Assert.Equal(Http2Error.ProtocolError, await client.EndAsync());
    }

    [OwnHttp2Theory]
    [InlineData(FrameType.Ping, 8)]
    [InlineData(FrameType.Headers, 8)]
    [InlineData(FrameType.WindowUpdate, 4)]
    [InlineData((FrameType)0x77, 0)]
    public async Task A_first_frame_other_than_SETTINGS_is_a_protocol_error_3_4(FrameType type, int length)
    {
        await using var client = await shared.Server.OpenAsync();
        await client.WriteAsync((byte[])[.. Latin1(Preface), .. FrameClient.Frame(type, 0, type == FrameType.Headers ? 1 : 0, new byte[length])]);

        Assert.Equal(Http2Error.ProtocolError, await client.EndAsync());
    }

    [Fact]
    public async Task The_preface_may_come_byte_by_byte_and_with_the_first_request_behind_it_3_4()
    {
        await using var client = await shared.Server.OpenAsync();
        foreach (var octet in Latin1(Preface))
        {
            await client.WriteAsync((byte[])[octet]);
        }

        await client.WriteAsync((byte[])
        [
            .. FrameClient.Frame(FrameType.Settings, 0, 0),
            .. FrameClient.Frame(FrameType.Headers, FrameFlags.EndStream | FrameFlags.EndHeaders, 1, RequestFields.Block(RequestFields.Head())),
        ]);

        Assert.Equal((200, "ok"), ((await client.AnswerAsync(1)).Status, client.Of(1).Body));
        Assert.Equal(1, client.Acknowledged);
    }

    [Fact]
    public async Task Each_SETTINGS_frame_is_acknowledged_and_unknown_settings_are_ignored_6_5_3()
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.SettingsAsync(((SettingId)0xfafa, 7), (SettingId.HeaderTableSize, 0), (SettingId.MaxHeaderListSize, 100_000), (SettingId.EnablePush, 0));
        await client.SettingsAsync();
        await client.PingAsync();

        Assert.Equal(3, client.Acknowledged);
        await client.GetAsync(1);
        Assert.Equal(200, (await client.AnswerAsync(1)).Status);
    }

    [Theory]
    [InlineData(SettingId.EnablePush, 2u, Http2Error.ProtocolError)]
    [InlineData(SettingId.InitialWindowSize, 0x8000_0000u, Http2Error.FlowControlError)]
    [InlineData(SettingId.MaxFrameSize, 16_383u, Http2Error.ProtocolError)]
    [InlineData(SettingId.MaxFrameSize, 16_777_216u, Http2Error.ProtocolError)]
    public async Task A_setting_out_of_its_range_is_a_connection_error_6_5_2(SettingId id, uint value, Http2Error expected)
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.SettingsAsync((id, value));

        Assert.Equal(expected, await client.EndAsync());
    }

    [Theory]
    [InlineData(FrameFlags.Ack, 0, 6, Http2Error.FrameSizeError)]
    [InlineData(FrameFlags.None, 0, 5, Http2Error.FrameSizeError)]
    [InlineData(FrameFlags.None, 1, 6, Http2Error.ProtocolError)]
    public async Task A_broken_SETTINGS_frame_is_a_connection_error_6_5(byte flags, int stream, int length, Http2Error expected)
    {
        await using var client = await shared.Server.ConnectAsync();
        await client.SendAsync(FrameType.Settings, flags, stream, new byte[length]);

        Assert.Equal(expected, await client.EndAsync());
    }

    private static byte[] Latin1(string text) => System.Text.Encoding.Latin1.GetBytes(text);
}
