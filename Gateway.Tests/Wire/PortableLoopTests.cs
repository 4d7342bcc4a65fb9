using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.Wire;

/// <summary>A loop without epoll: posted work, deadlines, and connections over pipes.</summary>
public sealed class PortableLoopTests
{
    private const int ConnectionRefused = 111;

    [Fact]
    public async Task A_post_wakes_it_and_deadlines_end_its_wait()
    {
        using var listener = Listening();
        await using var loop = new RunningLoop(isPortable: true);
        var due = new Recorder();

        await loop.Do(() =>
        {
            due.Channel = loop.Loop.Connect(RunningLoop.BytesOf(listener.LocalEndPoint!), due);
            due.Channel.Deadline = loop.Loop.Now + 50;
        });

        await due.Due;
        await loop.Do(due.Channel.Close);
        await loop.AssertNothingLeft();
    }

    [Fact]
    public async Task It_connects_sends_and_receives()
    {
        using var listener = Listening();
        await using var loop = new RunningLoop(isPortable: true);
        var (peer, channel) = await Pair(loop, listener);
        using var accepted = peer;

        await loop.Do(() => channel.Channel.Send("to the peer"u8));
        Assert.Equal("to the peer", await Read(peer));
        await peer.SendAsync("from the peer"u8.ToArray());
        await channel.HasReceived(13);
        peer.Shutdown(SocketShutdown.Send);
        await channel.Ended;

        await loop.Do(channel.Channel.Close);
        Assert.Equal(0, await peer.ReceiveAsync(new byte[1]).WaitAsync(RunningLoop.Limit));
    }

    [Fact]
    public async Task A_connection_that_is_refused_says_so_by_the_number_that_epoll_loops_give()
    {
        var nobody = Listening();
        var address = RunningLoop.BytesOf(nobody.LocalEndPoint!);
        nobody.Dispose();
        await using var loop = new RunningLoop(isPortable: true);
        var refused = new Recorder();

        await loop.Do(() => refused.Channel = loop.Loop.Connect(address, refused));

        Assert.Equal(ConnectionRefused, await refused.Closed);
    }

    [Fact]
    public async Task An_idle_connection_moves_to_another_loop_and_serves_there()
    {
        using var listener = Listening();
        await using var first = new RunningLoop(isPortable: true);
        await using var second = new RunningLoop(isPortable: true);
        var (peer, left) = await Pair(first, listener);
        using var accepted = peer;
        var moved = new Recorder();

        Assert.True(await Move(left, first, second, moved));
        await first.AssertNothingLeft();
        await peer.SendAsync("to the second"u8.ToArray());
        await moved.HasReceived(13);
        await second.Do(() => moved.Channel.Send("from the second"u8));

        Assert.Equal("from the second", await Read(peer));
        Assert.Equal(["connected"], left.Told);
        await second.Do(moved.Channel.Close);
    }

    [Fact]
    public async Task One_that_has_ended_does_not_arrive()
    {
        using var listener = Listening();
        await using var first = new RunningLoop(isPortable: true);
        await using var second = new RunningLoop(isPortable: true);
        var (peer, left) = await Pair(first, listener);
        peer.Dispose();
        await left.Ended;

        Assert.False(await Move(left, first, second, new Recorder()));
        await first.AssertNothingLeft();
    }

    private static Socket Listening()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(8);
        return listener;
    }

    private static async Task<(Socket Peer, Recorder Channel)> Pair(RunningLoop loop, Socket listener)
    {
        var recorder = new Recorder();
        await loop.Do(() => recorder.Channel = loop.Loop.Connect(RunningLoop.BytesOf(listener.LocalEndPoint!), recorder));
        var peer = await listener.AcceptAsync().WaitAsync(RunningLoop.Limit);
        await recorder.Connected;
        return (peer, recorder);
    }

    /// <summary>Whether the connection has arrived.</summary>
    private static async Task<bool> Move(Recorder channel, RunningLoop from, RunningLoop to, Recorder recorder)
    {
        var arrived = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await from.Do(() => channel.Channel.MoveTo(to.Loop, there =>
        {
            if (there is not null)
            {
                (recorder.Channel, there.Handler) = (there, recorder);
            }

            arrived.SetResult(there is not null);
        }));
        return await arrived.Task.WaitAsync(RunningLoop.Limit);
    }

    private static async Task<string> Read(Socket peer)
    {
        var read = new byte[64];
        return System.Text.Encoding.ASCII.GetString(read, 0, await peer.ReceiveAsync(read).WaitAsync(RunningLoop.Limit));
    }
}
