using Gateway.Http.Http2;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Conformance.Http2;

/// <summary>Windows of flow control, of streams and of the connection, in both directions (RFC 9113 5.2, 6.5.2, 6.9).</summary>
public sealed class FlowControlTests : IAsyncLifetime
{
    private const int FirstWindow = 65_535;
    private const int Answer = 100_000;

    private FrameServer? _server;

    private FrameServer Server => _server ?? throw new InvalidOperationException("not started yet");

    public async Task InitializeAsync() => _server = await FrameServer.StartAsync(RawScripts.Answer(body: new string('a', Answer)));

    public Task DisposeAsync() => Server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_window_of_nothing_lets_the_head_through_and_no_data_6_9_2()
    {
        await using var client = await Server.ConnectAsync((SettingId.InitialWindowSize, 0));
        await client.GetAsync(1);
        await client.UntilAsync(() => client.Of(1).Status > 0);
        await client.PingAsync();
        Assert.Equal((200, 0, false), (client.Of(1).Status, client.Of(1).Length, client.Of(1).HasEnded));

        await client.WindowAsync(1, 1);
        await client.UntilAsync(() => client.Of(1).Length > 0);
        await client.PingAsync();

        Assert.Equal((1, false), (client.Of(1).Length, client.Of(1).HasEnded));
    }

    [Fact]
    public async Task An_answer_stops_at_the_window_of_its_stream_and_goes_on_with_it_6_9_1()
    {
        await using var client = await Server.ConnectAsync((SettingId.InitialWindowSize, 1000));
        await client.GetAsync(1);
        await client.UntilAsync(() => client.Of(1).Length >= 1000);
        await client.PingAsync();
        Assert.Equal(1000, client.Of(1).Length);

        await client.WindowAsync(0, Answer);
        await client.PingAsync();
        Assert.Equal(1000, client.Of(1).Length);

        await client.WindowAsync(1, Answer);
        Assert.Equal(Answer, (await client.AnswerAsync(1)).Length);
    }

    [Fact]
    public async Task All_answers_together_stop_at_the_window_of_the_connection_6_9_1()
    {
        await using var client = await Server.ConnectAsync((SettingId.InitialWindowSize, 1_000_000));
        await client.GetAsync(1);
        await client.GetAsync(3);
        await client.UntilAsync(() => client.Of(1).Length + client.Of(3).Length >= FirstWindow && client.Of(1).Status + client.Of(3).Status == 400);
        await client.PingAsync();
        Assert.Equal(FirstWindow, client.Of(1).Length + client.Of(3).Length);

        await client.WindowAsync(0, 2 * Answer);
        Assert.Equal((Answer, Answer), ((await client.AnswerAsync(1)).Length, (await client.AnswerAsync(3)).Length));
    }

    [Fact]
    public async Task A_smaller_initial_window_may_make_that_of_an_open_stream_negative_6_9_2()
    {
        await using var client = await Server.ConnectAsync((SettingId.InitialWindowSize, 10_000));
        await client.GetAsync(1);
        await client.UntilAsync(() => client.Of(1).Length >= 10_000);
        await client.SettingsAsync((SettingId.InitialWindowSize, 3_000)); // 7,000 below zero.
        await client.WindowAsync(1, 7_000); // Zero.
        await client.PingAsync();
        Assert.Equal(10_000, client.Of(1).Length);

        await client.WindowAsync(1, 5);
        await client.UntilAsync(() => client.Of(1).Length > 10_000);
        await client.PingAsync();
        Assert.Equal(10_005, client.Of(1).Length);

        await client.SettingsAsync((SettingId.InitialWindowSize, 3_010));
        await client.UntilAsync(() => client.Of(1).Length > 10_005);
        await client.PingAsync();
        Assert.Equal(10_015, client.Of(1).Length);
    }

    [Fact]
    public async Task A_new_initial_window_does_not_change_that_of_the_connection_6_9_2()
    {
        await using var client = await Server.ConnectAsync();
        await client.SettingsAsync((SettingId.InitialWindowSize, 1_000_000));
        await client.GetAsync(1);
        await client.UntilAsync(() => client.Of(1).Length >= FirstWindow);
        await client.PingAsync();

        Assert.Equal(FirstWindow, client.Of(1).Length);
    }

    [Fact]
    public async Task A_widening_by_nothing_is_an_error_of_its_stream_6_9()
    {
        await using var client = await Server.ConnectAsync((SettingId.InitialWindowSize, 0));
        await client.GetAsync(1);
        await client.WindowAsync(1, 0);
        Assert.Equal(Http2Error.ProtocolError, (await client.FaultAsync(1)).Error);

        if (!FrameServer.IsKestrel)
        {
            await AssertGoesOnAsync(client, 3);
        }
    }

    [Fact]
    public async Task A_widening_of_the_connection_by_nothing_is_its_error_6_9()
    {
        await using var client = await Server.ConnectAsync();
        await client.WindowAsync(0, 0);

        Assert.Equal(Http2Error.ProtocolError, await client.EndAsync());
    }

    [Fact]
    public async Task The_reserved_bit_of_a_widening_is_ignored_6_9()
    {
        await using var client = await Server.ConnectAsync((SettingId.InitialWindowSize, 0));
        await client.GetAsync(1);
        await client.WindowAsync(1, 0x8000_0000u | Answer);
        await client.WindowAsync(0, 0x8000_0000u | Answer);

        Assert.Equal(Answer, (await client.AnswerAsync(1)).Length);
    }

    /// <summary>The answer has used up the connection's window, so that nothing reduces the stream's any more: it is 934,465.</summary>
    [Theory]
    [InlineData(0x7fff_ffffu, 0u)]
    [InlineData(0x7ff0_0000u, 0x7ff0_0000u)]
    public async Task A_window_beyond_31_bits_ends_its_stream_and_no_other_6_9_1(uint first, uint second)
    {
        await using var client = await Server.ConnectAsync((SettingId.InitialWindowSize, 1_000_000));
        await client.GetAsync(1);
        await client.UntilAsync(() => client.Of(1).Length == FirstWindow);
        await client.WindowAsync(1, first);
        if (second > 0)
        {
            await client.WindowAsync(1, second);
        }

        var fault = await client.FaultAsync(1);
        Assert.Equal(new(false, Http2Error.FlowControlError), fault);
        await AssertGoesOnAsync(client, 3);
    }

    [Fact]
    public async Task A_window_of_the_connection_beyond_31_bits_ends_it_6_9_1()
    {
        await using var client = await Server.ConnectAsync();
        await client.WindowAsync(0, 0x7fff_ffff);

        Assert.Equal(Http2Error.FlowControlError, await client.EndAsync());
    }

    [Fact]
    public async Task Settings_that_bring_an_open_window_beyond_31_bits_end_the_connection_6_9_2()
    {
        await using var client = await Server.ConnectAsync((SettingId.InitialWindowSize, 0));
        await client.GetAsync(1);
        await client.WindowAsync(1, 0x7fff_fffe);
        await client.UntilAsync(() => client.Of(1).Length == FirstWindow);
        await client.SettingsAsync((SettingId.InitialWindowSize, 0x7fff_ffff));

        Assert.Equal(Http2Error.FlowControlError, await client.EndAsync());
    }

    [Fact]
    public async Task The_windows_get_back_the_bytes_of_an_upload_with_its_padding_6_9_1()
    {
        await using var client = await Server.ConnectAsync();
        await client.PostAsync(1);
        var (window, granted) = ((long)client.Settings[SettingId.InitialWindowSize], 0L);
        for (var total = 0; total < 4 * 1024 * 1024; total += 1_256)
        {
            while (window + client.Of(1).Granted - granted < 1_256 || client.Window - granted < 1_256)
            {
                var (of, on) = (client.Of(1).Granted, client.Window);
                await client.UntilAsync(() => client.Of(1).Granted > of || client.Window > on);
                Assert.False(client.IsClosed);
            }

            granted += 1_256;
            await client.SendAsync(FrameType.Data, FrameFlags.Padded, 1, [255, .. new byte[1_000 + 255]]);
        }

        await client.DataAsync(1, "", end: true);
        await client.WindowAsync(1, Answer);
        await client.WindowAsync(0, Answer);

        Assert.Equal(Answer, (await client.AnswerAsync(1)).Length);
    }

    private static async Task AssertGoesOnAsync(FrameClient client, int stream)
    {
        await client.WindowAsync(0, Answer);
        await client.GetAsync(stream);
        await client.WindowAsync(stream, Answer);
        Assert.Equal(Answer, (await client.AnswerAsync(stream)).Length);
    }
}
