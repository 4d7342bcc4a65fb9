using System.Net.Sockets;
using Gateway.Tests.EndToEnd;

namespace Gateway.Tests.Wire;

/// <summary>A loop's channel, with a plain socket on the other side.</summary>
public sealed class ChannelTests
{
    private const int Large = 8 * 1024 * 1024;

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    [InlineData(Carrier.Pipes)]
    public async Task Kept_bytes_are_sent_before_the_end_of_sending(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var (socket, channel) = await loop.Pair();
        using var peer = socket;
        var sent = new byte[Large];
        new Random(1).NextBytes(sent);

        Assert.False(await loop.Do(() =>
        {
            var whole = channel.Channel.Send(sent);
            channel.Channel.EndSending();
            return whole;
        }));
        Assert.InRange(await loop.Do(() => channel.Channel.Backlog), 1, Large);
        Assert.Equal(carrier != Carrier.Pipes, await loop.Do(() => loop.Loop.Blocks.InUse) > 0); // A pipe has its own memory.

        var read = await ReadToEnd(peer);
        Assert.True(sent.AsSpan().SequenceEqual(read));
        await channel.Drained;
        await loop.Do(channel.Channel.Close);
        Assert.Equal(["drained"], channel.Told);
    }

    /// <summary>The system takes more of the backlog only after a good part of what it holds is gone.</summary>
    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    public async Task Bytes_taken_by_the_peer_show_before_the_system_takes_more(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var (socket, channel) = await loop.Pair();
        using var peer = socket;
        Assert.False(await loop.Do(() => channel.Channel.Send(new byte[Large])));
        var (backlog, untaken) = (0, -1);
        await Eventually.IsAsync(async () =>
        {
            var before = untaken;
            (backlog, untaken) = await loop.Do(() => (channel.Channel.Backlog, channel.Channel.Untaken));
            return untaken == before; // The peer's system takes no more either.
        });
        Assert.True(untaken > backlog, $"{untaken} bytes untaken of a backlog of {backlog}");

        var some = new byte[untaken - backlog];
        await peer.ReceiveAsync(some); // The result of one call, at most what the peer's system holds.
        await Eventually.IsAsync(async () => await loop.Do(() => channel.Channel.Untaken) < untaken);

        await loop.Do(channel.Channel.Close);
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    [InlineData(Carrier.Pipes)]
    public async Task After_the_peers_end_it_can_still_be_sent_to(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var (socket, channel) = await loop.Pair();
        using var peer = socket;
        await peer.SendAsync("last words"u8.ToArray());
        peer.Shutdown(SocketShutdown.Send);
        await channel.Ended;

        Assert.True(await loop.Do(() => channel.Channel.Send("an answer"u8, " in two"u8)));
        await loop.Do(channel.Channel.EndSending);

        Assert.Equal("an answer in two"u8.ToArray(), await ReadToEnd(peer));
        Assert.Equal(0, await channel.Closed);
        Assert.Equal(["received", "end", "closed 0"], channel.Told);
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    [InlineData(Carrier.Pipes)]
    public async Task While_it_is_paused_it_tells_nothing_and_then_all(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var (socket, channel) = await loop.Pair(recorder => recorder.Channel.Pause());
        using var peer = socket;
        await peer.SendAsync(new byte[10_000]);
        peer.Shutdown(SocketShutdown.Send);
        for (var turn = 0; turn < 20; turn++)
        {
            await loop.Do(() => { });
        }

        Assert.Empty(channel.Told);
        await loop.Do(channel.Channel.Resume);
        await channel.Ended;
        Assert.Equal(10_000, channel.Bytes.Length);
        Assert.Equal(["received", "end"], channel.Told);
        await loop.Do(channel.Channel.Close);
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    [InlineData(Carrier.Pipes)]
    public async Task After_it_is_closed_within_a_call_it_tells_nothing_more(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var (socket, channel) = await loop.Pair(recorder => recorder.WhenReceived = _ =>
        {
            recorder.Channel.Send(new byte[Large]);
            recorder.Channel.Deadline = loop.Loop.Now + 1;
            recorder.Channel.Close();
            Assert.True(recorder.Channel.Send("ignored"u8));
            recorder.Channel.EndSending();
            recorder.Channel.Pause();
            recorder.Channel.Resume();
            recorder.Channel.Close();
        });
        using var peer = socket;
        await peer.SendAsync(new byte[1]);
        await channel.HasReceived(1);
        await loop.AssertNothingLeft();

        var later = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await loop.Do(() => loop.Loop.After(100, later.SetResult));
        await later.Task.WaitAsync(RunningLoop.Limit);
        Assert.Equal(["received"], channel.Told);
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    [InlineData(Carrier.Pipes)]
    public async Task A_deadline_fires_once_and_can_be_set_anew(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var (rounds, told) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        var (socket, channel) = await loop.Pair(recorder =>
        {
            recorder.Channel.Deadline = loop.Loop.Now + 5;
            recorder.WhenDue = () =>
            {
                Assert.Equal(0, recorder.Channel.Deadline);
                if (++told < 3)
                {
                    recorder.Channel.Deadline = loop.Loop.Now + 5;
                }
                else
                {
                    loop.Loop.After(100, rounds.SetResult);
                }
            };
        });
        using var peer = socket;
        await rounds.Task.WaitAsync(RunningLoop.Limit);
        Assert.Equal(["deadline", "deadline", "deadline"], channel.Told);
        await loop.Do(channel.Channel.Close);
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    public async Task An_idle_connection_moves_to_another_loop_and_serves_there(Carrier carrier)
    {
        await using var first = new RunningLoop(carrier);
        await using var second = new RunningLoop(carrier);
        var (socket, left) = await first.Pair();
        using var peer = socket;
        await peer.SendAsync("to the first"u8.ToArray());
        await left.HasReceived(12);
        await first.Do(() => { }); // It waits for more from now on.
        var (moved, arrived) = (new Recorder(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

        await first.Do(() => left.Channel.MoveTo(second.Loop, channel =>
        {
            (moved.Channel, channel!.Handler) = (channel, moved);
            arrived.SetResult();
        }));

        await arrived.Task.WaitAsync(RunningLoop.Limit);
        await first.AssertNothingLeft();
        await peer.SendAsync("to the second"u8.ToArray());
        await moved.HasReceived(13);
        await second.Do(() => moved.Channel.Send("from the second"u8));
        var read = new byte[64];
        var length = await peer.ReceiveAsync(read).WaitAsync(RunningLoop.Limit);
        Assert.Equal("from the second"u8, read.AsSpan(0, length));
        Assert.Equal(["received"], left.Told);
        await second.Do(moved.Channel.Close);
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    public async Task A_loop_that_is_stopped_closes_what_is_left_on_it(Carrier carrier)
    {
        var loop = new RunningLoop(carrier);
        var (socket, channel) = await loop.Pair();
        using var peer = socket;
        await loop.Do(() => channel.Channel.Send(new byte[Large]));

        await loop.DisposeAsync(); // Checks that no connection and no buffer is left.

        Assert.InRange((await ReadToEnd(peer)).Length, 1, Large - 1);
        Assert.Empty(channel.Told);
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    public async Task Bytes_that_could_be_sent_at_once_arrive_whatever_follows(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var (socket, channel) = await loop.Pair();
        using var peer = socket;
        await loop.Do(() =>
        {
            Assert.True(channel.Channel.Send("a last "u8));
            Assert.True(channel.Channel.Send("word"u8));
            Assert.Equal(0, channel.Channel.Backlog);
            channel.Channel.Close();
        });

        Assert.Equal("a last word"u8.ToArray(), await ReadToEnd(peer));
        await loop.AssertNothingLeft();
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    public async Task Bytes_that_could_be_sent_arrive_though_the_loop_is_stopped_in_the_same_turn(Carrier carrier)
    {
        var loop = new RunningLoop(carrier);
        var (socket, channel) = await loop.Pair();
        using var peer = socket;
        var sent = loop.Do(() => channel.Channel.Send("a last word"u8));
        await loop.DisposeAsync();

        Assert.True(await sent);
        Assert.Equal("a last word"u8.ToArray(), await ReadToEnd(peer));
    }

    private static async Task<byte[]> ReadToEnd(Socket socket)
    {
        var (all, buffer) = (new MemoryStream(), new byte[256 * 1024]);
        while (await socket.ReceiveAsync(buffer).WaitAsync(RunningLoop.Limit) is > 0 and var count)
        {
            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }
}
