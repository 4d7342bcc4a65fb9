using System.Net;
using Gateway.Fuzz.Engine.Http2;
using Gateway.Http.Http2;
using Gateway.Node.Engine;
using Gateway.Node.Engine.Http2;
using Gateway.Node.Settings;
using Gateway.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Engine.Http2;

/// <summary>How streams of one connection affect each other, and what is left of them.</summary>
public sealed class Http2ConnectionTests
{
    private const int SettingSize = 6;

    [Fact]
    public async Task A_client_that_leaves_in_the_moment_of_its_answer_leaves_nothing_behind()
    {
        await using var gateway = await StartAsync(settings => settings with { HttpEngine = HttpEngine.Loops, EventLoops = 1 });
        for (var i = 0; i < 300; i++)
        {
            await using var client = await FrameClient.ConnectAsync(gateway.Http2Address);
            await client.Head(1, ends: true, path: "/health").SendAsync();
        }

        await using (var last = await FrameClient.ConnectAsync(gateway.Http2Address))
        {
            await last.Head(1, ends: true, path: "/health").SendAsync();
            Assert.StartsWith("200", await last.ReadAnswerAsync(1), StringComparison.Ordinal); // Connections are accepted in their order: all others have been.
        }

        var ingress = gateway.Services.GetRequiredService<EngineIngress>();
        await Eventually.IsAsync(async () =>
        {
            var left = -1;
            await ingress.TurnAsync(() => left = ingress.Conversations);
            return left == 0 && await gateway.MetricAsync("gateway_client_connections") == 0;
        });
    }

    [Fact]
    public async Task Data_for_a_stream_that_the_gateway_has_ended_is_passed_over_however_many_others_end_meanwhile()
    {
        await using var gateway = await StartAsync();
        await using var client = await FrameClient.ConnectAsync(gateway.Http2Address);
        await client.Head(1, ends: false, method: "POST", path: "/health").SendAsync();
        Assert.StartsWith("200", await client.ReadAnswerAsync(1), StringComparison.Ordinal);
        var stream = 3;
        for (; stream < 603; stream += 2)
        {
            await client.Head(stream, ends: true, path: "/health").SendAsync();
            Assert.StartsWith("200", await client.ReadAnswerAsync(stream), StringComparison.Ordinal);
        }

        await client.Data(1, "late", ends: true).Head(stream, ends: true, path: "/health").SendAsync();

        Assert.StartsWith("200", await client.ReadAnswerAsync(stream), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_for_a_stream_that_the_client_has_ended_costs_the_stream_alone()
    {
        await using var gateway = await StartAsync();
        await using var client = await FrameClient.ConnectAsync(gateway.Http2Address);
        await client.Head(1, ends: true, path: "/health").SendAsync();
        Assert.StartsWith("200", await client.ReadAnswerAsync(1), StringComparison.Ordinal);

        await client.Data(1, "late", ends: true).SendAsync();

        Assert.Equal("reset StreamClosed", await client.ReadAnswerAsync(1));
        await client.Head(3, ends: true, path: "/health").SendAsync();
        Assert.StartsWith("200", await client.ReadAnswerAsync(3), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frame_of_very_many_settings_ends_the_connection_and_is_counted()
    {
        await using var gateway = await StartAsync();
        await using var client = await FrameClient.ConnectAsync(gateway.Http2Address);
        var settings = new byte[1000 * SettingSize];
        for (var i = 1; i < settings.Length; i += SettingSize)
        {
            settings[i] = (byte)SettingId.InitialWindowSize;
        }

        await client.Frame(FrameType.Settings, 0, 0, settings).SendAsync();

        Assert.Equal("goaway EnhanceYourCalm", await client.ReadAnswerAsync(int.MaxValue));
        Assert.Equal(1, await gateway.MetricAsync("gateway_http2_connections_ended_total", ("error", "ENHANCE_YOUR_CALM")));
    }

    [Theory]
    [InlineData("x", "200")]
    [InlineData("X", "200")]
    [InlineData("y", "reset ProtocolError")]
    public async Task A_Host_beside_the_authority_must_be_the_same(string host, string answer)
    {
        await using var gateway = await StartAsync();
        await using var client = await FrameClient.ConnectAsync(gateway.Http2Address);

        await client.Head(1, true, "GET", "/health", ("host", host)).SendAsync();

        Assert.StartsWith(answer, await client.ReadAnswerAsync(1), StringComparison.Ordinal);
    }

    /// <summary>In virtual time: the whole answer must have come before the window is widened, which no client can see.</summary>
    [Fact]
    public void A_stream_that_waits_for_the_window_of_the_connection_comes_before_later_ones()
    {
        const int Length = Http2Limits.FirstWindow + 1000;
        using var rig = new Http2Rig();
        rig.Send(FrameMaker.Setting(SettingId.InitialWindowSize, 1_000_000));
        rig.Get(1);
        rig.Answer(0, $"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\n\r\n{new string('a', Length)}");
        Assert.Equal(Http2Limits.FirstWindow, rig.Got.Data[1]);

        rig.Send(
        [
            .. FrameMaker.Number(FrameType.WindowUpdate, 0, 1000),
            .. FrameMaker.Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 3, FrameMaker.Head("GET", "/health")),
        ]);

        Assert.Equal((Length, 0), (rig.Got.Data[1], rig.Got.Data.GetValueOrDefault(3)));
    }

    [Fact]
    public void A_window_that_is_nearly_used_up_is_opened_again_by_as_little_as_has_been_dealt_with()
    {
        var window = new ReceiveWindow(100);
        Assert.True(window.TryTake(40));
        Assert.Equal(0, window.Return(10));
        Assert.True(window.TryTake(40));
        Assert.Equal(20, window.Return(10));
        Assert.True(window.TryTake(40));
        Assert.False(window.TryTake(1));
    }

    /// <summary>Without a usable backend: the gateway answers these requests itself.</summary>
    private static Task<TestGateway> StartAsync(Func<GatewaySettings, GatewaySettings>? more = null) => TestGateway.StartAsync(
        [new("http://127.0.0.1:9")], settings: own => (more ?? (same => same))(own with { Http2Address = new(IPAddress.Loopback, 0) }));
}
