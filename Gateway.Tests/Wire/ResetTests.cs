using System.Net.Sockets;

namespace Gateway.Tests.Wire;

public sealed class ResetTests
{
    private const int ResetByPeer = 104;
    private const int BrokenPipe = 32;

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    [InlineData(Carrier.Pipes)]
    public async Task A_reset_is_reported_once_with_its_error(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var (peer, channel) = await loop.Pair();
        await loop.Do(() => channel.Channel.Deadline = loop.Loop.Now + 60_000);
        Reset(peer);

        Assert.Equal(ResetByPeer, await channel.Closed);
        await Turns(loop);
        Assert.Equal(["closed 104"], channel.Told);
        await loop.AssertNothingLeft();
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    [InlineData(Carrier.Pipes)]
    public async Task A_reset_while_it_is_paused_is_reported_once_after_the_resumption(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var (peer, channel) = await loop.Pair(recorder => recorder.Channel.Pause());
        Reset(peer);
        await Turns(loop);
        Assert.Empty(channel.Told);

        await loop.Do(channel.Channel.Resume);

        Assert.Equal(ResetByPeer, await channel.Closed);
        await Turns(loop);
        Assert.Equal(["closed 104"], channel.Told);
        await loop.AssertNothingLeft();
    }

    [Theory]
    [InlineData(Carrier.Epoll, false)]
    [IfUring(Carrier.Uring, false)]
    [InlineData(Carrier.Epoll, true)]
    [IfUring(Carrier.Uring, true)]
    [InlineData(Carrier.Pipes, false)]
    [InlineData(Carrier.Pipes, true)]
    public async Task A_reset_with_bytes_kept_is_reported_once_and_returns_the_buffers(Carrier carrier, bool paused)
    {
        await using var loop = new RunningLoop(carrier);
        var (peer, channel) = await loop.Pair();
        await loop.Do(() =>
        {
            Assert.False(channel.Channel.Send(new byte[8 * 1024 * 1024]));
            if (paused)
            {
                channel.Channel.Pause();
            }
        });
        Reset(peer);
        while (paused && await loop.Do(() => channel.Channel.Backlog) > 0)
        {
            await Turns(loop); // The failed send drops the backlog.
        }

        await loop.Do(channel.Channel.Resume);

        Assert.Contains(await channel.Closed, (int[])[ResetByPeer, BrokenPipe]);
        await Turns(loop);
        Assert.StartsWith("closed", Assert.Single(channel.Told, told => carrier != Carrier.Pipes || told != "end"), StringComparison.Ordinal); // Over a stream, only the send may see it.
        await loop.AssertNothingLeft();
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    public async Task A_reset_after_the_peers_end_is_reported_as_an_error(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var (peer, channel) = await loop.Pair();
        peer.Shutdown(SocketShutdown.Send);
        await channel.Ended;
        Reset(peer);

        Assert.Contains(await channel.Closed, (int[])[ResetByPeer, BrokenPipe]);
        await Turns(loop);
        Assert.Equal(2, channel.Told.Count);
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    [InlineData(Carrier.Pipes)]
    public async Task Bytes_received_before_a_send_is_reset_are_delivered_first(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var (peer, channel) = await loop.Pair();
        channel.WhenReceived = _ =>
        {
            for (var i = 0; i < 3; i++)
            {
                channel.Channel.Send(new byte[1]);
            }
        };
        await peer.SendAsync("an early answer"u8.ToArray());
        peer.Close(); // Further data is answered with a reset.

        await channel.Closed;
        Assert.Equal("an early answer"u8, channel.Bytes);
        Assert.StartsWith("closed", channel.Told.Last(), StringComparison.Ordinal);
        Assert.Single(channel.Told, told => told.StartsWith("closed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    [InlineData(Carrier.Pipes)]
    public async Task A_channel_that_resets_makes_the_peer_see_that_it_has_not_got_all(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var (socket, channel) = await loop.Pair();
        using var peer = socket;
        await loop.Do(() =>
        {
            channel.Channel.Send("a part"u8);
            channel.Channel.Reset();
        });

        var fault = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (await peer.ReceiveAsync(new byte[64]).WaitAsync(RunningLoop.Limit) > 0)
            {
            }
        });
        Assert.Equal(SocketError.ConnectionReset, fault.SocketErrorCode);
        Assert.Empty(channel.Told);
        await loop.AssertNothingLeft();
    }

    private static void Reset(Socket peer)
    {
        peer.LingerState = new LingerOption(enable: true, seconds: 0);
        peer.Close();
    }

    /// <summary>Any repeated event would be reported in these.</summary>
    private static async Task Turns(RunningLoop loop)
    {
        for (var turn = 0; turn < 20; turn++)
        {
            await loop.Do(() => { });
        }
    }
}
