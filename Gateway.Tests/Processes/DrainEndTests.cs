using System.Runtime.InteropServices;
using Gateway.Node.Signals;
using Gateway.Tests.EndToEnd.Backends;

namespace Gateway.Tests.Processes;

/// <summary>Connections still open when the drain of the real process ends: closed as their protocol requires.</summary>
public sealed class DrainEndTests
{
    private const string Drain = "\"drain\": { \"delay\": \"00:00:00\"";

    private const string Handshake =
        "GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

    private const string Switching =
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0";

    /// <summary>HEADERS of stream 1, ended: GET (2), http (6), / (4) and :authority x (1), of HPACK's static table.</summary>
    private const string GetOnStream1 = "\0\0\u0006\u0001\u0005\0\0\0\u0001\u0082\u0086\u0084\u0041\u0001x";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_websocket_gets_1001_on_both_sides_also_when_a_second_signal_cuts_the_drain_short(bool hurried)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var toBackend = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync(Switching + "\u0081\u0002hi");
            var word = await exchange.ReadBytesAsync(8);
            heard.SetResult();
            toBackend.SetResult([.. word, .. await exchange.ReadBytesAsync(8)]);
            exchange.ShutdownSend(); // Like a backend that received a close frame. One that stays open costs its client the orderly end.
            await exchange.HangAsync();
        });
        await using var gateway = await GatewayProcess.StartAsync(Before(backend, hurried ? "01:00:00" : "00:00:00.2"));
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync(Handshake);
        Assert.Equal(101, (await client.ReadAnswerAsync()).Status);
        Assert.Equal([0x81, 2, (byte)'h', (byte)'i'], await client.ReadBytesAsync(4));
        await client.SendAsync("\u0081\u0082\0\0\0\0yo");
        await heard.Task.WaitAsync(RealProcess.WaitTimeout);

        gateway.Process.Signal(PosixSignal.SIGTERM);
        if (hurried)
        {
            await gateway.Process.SaysAsync("draining: ");
            gateway.Process.Signal(PosixSignal.SIGTERM);
        }

        Assert.Equal([0x88, 2, 0x03, 0xe9], await client.ReadToEndAsync());
        Assert.Equal(RawEnd.Closed, client.End);
        Assert.Equal(
            [0x81, 0x82, 0, 0, 0, 0, (byte)'y', (byte)'o', 0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe9], await toBackend.Task.WaitAsync(RealProcess.WaitTimeout));
        Assert.Contains(await gateway.Process.EndsAsync(), hurried ? (int[])[0, ProcessSignals.Forced] : [0]);
        Assert.Empty(gateway.Process.Errors);
    }

    [Fact]
    public async Task A_websocket_in_the_middle_of_a_frame_just_ends()
    {
        await using var backend = RawBackend.Start(async exchange =>
        {
            await exchange.ReadHeadAsync();
            await exchange.WriteAsync(Switching + "\u0081\u0005hi");
            await exchange.HangAsync();
        });
        await using var gateway = await GatewayProcess.StartAsync(Before(backend, "00:00:00.2"));
        await using var client = await RawClient.ConnectAsync(gateway.Address);
        await client.SendAsync(Handshake);
        Assert.Equal(101, (await client.ReadAnswerAsync()).Status);
        Assert.Equal(4, (await client.ReadBytesAsync(4)).Length);

        gateway.Process.Signal(PosixSignal.SIGTERM);

        Assert.Empty(await client.ReadToEndAsync());
        Assert.True(await gateway.Process.EndsAsync() == 0, gateway.Process.Said);
    }

    [Fact]
    public async Task A_stream_of_HTTP_2_gets_GOAWAY()
    {
        await using var hanging = RawBackend.Start(RawScripts.Hang);
        await using var gateway = await GatewayProcess.StartAsync(Before(hanging, "00:00:00.2", "\"http2Addr\": \"127.0.0.1:0\","));
        await using var client = await RawClient.ConnectAsync(await gateway.Http2AddressAsync());
        await client.SendAsync(Preface + GetOnStream1);
        await hanging.WaitForRequestsAsync(1, RealProcess.WaitTimeout);

        gateway.Process.Signal(PosixSignal.SIGTERM);

        Assert.Contains(7, TypesOf(await client.ReadToEndAsync()));
        Assert.True(await gateway.Process.EndsAsync() == 0, gateway.Process.Said);
    }

    /// <summary>The types of HTTP/2 frames: the fourth byte of each frame header of nine bytes; the first three are the length of the payload.</summary>
    private static List<int> TypesOf(byte[] frames)
    {
        List<int> types = [];
        for (var at = 0; at + 9 <= frames.Length; at += 9 + (frames[at] << 16 | frames[at + 1] << 8 | frames[at + 2]))
        {
            types.Add(frames[at + 3]);
        }

        return types;
    }

    private static string Before(RawBackend backend, string timeout, string more = "") =>
        ProcessConfig.Before(backend, more).Replace(Drain, $"{Drain}, \"timeout\": \"{timeout}\"", StringComparison.Ordinal);
}
