using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Gateway.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Wire;

/// <summary>Operations that the system performs while the loop continues.</summary>
public sealed class UringChannelTests
{
    /// <summary>More than the system buffers for a peer that does not read.</summary>
    private const int Large = 32 * 1024 * 1024;

    private const int Accepted = 64 * 1024;

    [UringFact]
    public async Task The_blocks_of_a_send_under_way_are_kept_after_the_close_until_it_has_completed()
    {
        await using var loop = new RunningLoop(Carrier.Uring);
        var (socket, channel) = await loop.Pair();
        using var peer = socket;
        await loop.Do(() => Assert.False(channel.Channel.Send(new byte[Large])));
        for (var (left, unchanged) = (0, 0); unchanged < 20; unchanged++) // Until the system waits for the peer to read.
        {
            var now = await loop.Do(() => channel.Channel.Backlog);
            (left, unchanged) = (now, now == left ? unchanged : 0);
        }

        var (before, after) = await loop.Do(() =>
        {
            var inUse = loop.Loop.Blocks.InUse;
            channel.Channel.Close();
            return (inUse, loop.Loop.Blocks.InUse);
        });

        Assert.True(before > 0);
        Assert.Equal(before, after);
        await loop.AssertNothingLeft();
        Assert.InRange((await ReadToEnd(peer)).Length, 1, Large - 1);
        Assert.Empty(channel.Told);
    }

    [UringFact]
    public async Task Completions_of_a_closed_channel_do_not_reach_the_one_opened_in_the_same_turn()
    {
        await using var loop = new RunningLoop(Carrier.Uring);
        using var listener = Listening(8);
        var old = await loop.Connect(listener.LocalEndPoint!);
        using var peer = await listener.AcceptAsync().WaitAsync(RunningLoop.Limit);
        await old.Connected;
        await loop.Do(() => { }); // It is receiving.
        var next = new Recorder();

        await loop.Do(() =>
        {
            peer.Send("too late"u8); // The old one's receive completes with it, or is cancelled.
            old.Channel.Close();
            next.Channel = loop.Loop.Connect(RunningLoop.BytesOf(listener.LocalEndPoint!), next);
        });
        using var other = await listener.AcceptAsync().WaitAsync(RunningLoop.Limit);
        await next.Connected;
        await other.SendAsync("in time"u8.ToArray());
        await next.HasReceived(7);

        Assert.Equal("in time"u8, next.Bytes);
        Assert.Equal(["connected"], old.Told);
        await loop.Do(next.Channel.Close);
    }

    [UringFact]
    public async Task Each_channel_gets_its_own_bytes_alone_through_closes_at_any_moment()
    {
        const int Rounds = 20;
        const int Peers = 40;
        await using var loop = new RunningLoop(Carrier.Uring);
        var (faults, count, random) = (0, 0, new Random(7));
        var address = await loop.Listen(channel => new OneNumber(channel, random.Next(1, 6), () => count++, () => faults++));

        for (var round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Peers).Select(async i =>
            {
                using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await peer.ConnectAsync(address).WaitAsync(RunningLoop.Limit);
                var number = BitConverter.GetBytes((round * Peers) + i);
                try
                {
                    while (true)
                    {
                        await peer.SendAsync(number).WaitAsync(RunningLoop.Limit);
                    }
                }
                catch (SocketException)
                {
                    // It was closed, as expected.
                }
            }));
        }

        Assert.Equal((0, Rounds * Peers), await loop.Do(() => (faults, count)));
        await loop.AssertNothingLeft();
    }

    [UringFact]
    public async Task Receives_that_find_all_buffers_taken_are_asked_for_again()
    {
        const int Peers = 64;
        await using var loop = new RunningLoop(Carrier.Uring, receiveBuffers: 4);
        using var listener = Listening(Peers);
        var (channels, peers) = (new List<Recorder>(), new List<Socket>());
        for (var i = 0; i < Peers; i++)
        {
            channels.Add(await loop.Connect(listener.LocalEndPoint!));
            peers.Add(await listener.AcceptAsync().WaitAsync(RunningLoop.Limit));
            await channels[i].Connected;
        }

        await loop.Do(() => { });
        await loop.Do(() => // During this the loop receives nothing.
        {
            for (var i = 0; i < Peers; i++)
            {
                peers[i].Send(BitConverter.GetBytes(i));
            }
        });

        for (var i = 0; i < Peers; i++)
        {
            await channels[i].HasReceived(sizeof(int));
            Assert.Equal(i, BinaryPrimitives.ReadInt32LittleEndian(channels[i].Bytes));
        }

        Assert.True(await loop.Do(() => ((UringSource)loop.Loop.Source).Starved) > 0);
        await loop.Do(() => channels.ForEach(channel => channel.Channel.Close()));
        peers.ForEach(peer => peer.Dispose());
    }

    [UringFact]
    public async Task Bytes_of_a_pending_receive_are_kept_while_paused_and_delivered_after_the_resumption()
    {
        await using var loop = new RunningLoop(Carrier.Uring);
        var (socket, channel) = await loop.Pair();
        using var peer = socket;
        await loop.Do(() => { }); // It is receiving.
        await loop.Do(channel.Channel.Pause);
        await peer.SendAsync("one"u8.ToArray());
        while (await loop.Do(() => loop.Loop.Blocks.InUse) == 0)
        {
            // Until the receive has completed.
        }

        await peer.SendAsync(" two"u8.ToArray());
        Assert.Empty(channel.Told);
        await loop.Do(channel.Channel.Resume);
        await channel.HasReceived(7);
        Assert.Equal("one two"u8, channel.Bytes);
        await loop.AssertNothingLeft(connections: 1);
        await loop.Do(channel.Channel.Close);
    }

    [UringFact]
    public async Task Buffers_kept_for_a_paused_channel_are_returned_at_its_close()
    {
        await using var loop = new RunningLoop(Carrier.Uring);
        var (socket, channel) = await loop.Pair();
        using var peer = socket;
        await loop.Do(() => { });
        await loop.Do(channel.Channel.Pause);
        await peer.SendAsync("one"u8.ToArray());
        while (await loop.Do(() => loop.Loop.Blocks.InUse) == 0)
        {
            // Until the receive has completed.
        }

        await loop.Do(channel.Channel.Close);
        Assert.Empty(channel.Told);
        await loop.AssertNothingLeft();
    }

    [UringFact]
    public async Task More_operations_than_the_ring_takes_in_at_once_are_all_carried_out()
    {
        const int Many = 2_500;
        await using var loop = new RunningLoop(Carrier.Uring);
        using var one = Listening(Many);
        using var two = Listening(Many);
        byte[][] addresses = [RunningLoop.BytesOf(one.LocalEndPoint!), RunningLoop.BytesOf(two.LocalEndPoint!)];
        var channels = await loop.Do(() => Enumerable.Range(0, 2 * Many).Select(i =>
        {
            var recorder = new Recorder();
            recorder.Channel = loop.Loop.Connect(addresses[i % 2], recorder);
            return recorder;
        }).ToList());

        foreach (var channel in channels)
        {
            await channel.Connected;
        }

        await loop.Do(() => channels.ForEach(channel => channel.Channel.Close()));
        await loop.AssertNothingLeft();
    }

    [UringFact]
    public async Task A_loop_that_has_much_to_do_is_content_with_one_event()
    {
        await using var loop = new RunningLoop(Carrier.Uring);
        var (socket, channel) = await loop.Pair(recorder => recorder.WhenReceived = bytes => recorder.Channel.Send(bytes));
        using var peer = socket;
        await loop.Do(() => loop.Loop.Exchanges = 1000);

        var read = new byte[4];
        for (var i = 0; i < 200; i++)
        {
            await peer.SendAsync(BitConverter.GetBytes(i));
            Assert.Equal(4, await peer.ReceiveAsync(read).WaitAsync(RunningLoop.Limit));
            Assert.Equal(i, BinaryPrimitives.ReadInt32LittleEndian(read));
        }

        await loop.Do(channel.Channel.Close);
    }

    [UringFact]
    public async Task Bytes_that_come_to_an_idle_connection_on_its_way_to_another_loop_end_it()
    {
        await using var first = new RunningLoop(Carrier.Uring);
        await using var second = new RunningLoop(Carrier.Uring);
        var (socket, channel) = await first.Pair();
        using var peer = socket;
        await first.Do(() => { });
        await first.Do(channel.Channel.Pause);
        await peer.SendAsync("unasked"u8.ToArray());
        while (await first.Do(() => first.Loop.Blocks.InUse) == 0)
        {
            // Until the receive has completed.
        }

        var arrived = new TaskCompletionSource<Channel?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await first.Do(() => channel.Channel.MoveTo(second.Loop, arrived.SetResult));
        Assert.Null(await arrived.Task.WaitAsync(RunningLoop.Limit));
        await first.AssertNothingLeft();
    }

    [UringFact]
    public async Task Bytes_accepted_before_the_close_arrive_though_the_peer_reads_late()
    {
        await using var loop = new RunningLoop(Carrier.Uring);
        using var peer = await Farewell(loop);

        Assert.Equal(Accepted, (await ReadToEnd(peer)).Length);
        await loop.AssertNothingLeft();
    }

    [UringFact]
    public async Task Bytes_accepted_before_the_close_are_given_up_if_the_peer_never_reads()
    {
        var time = new FakeTimeProvider();
        await using var loop = new RunningLoop(Carrier.Uring, time: time);
        using var peer = await Farewell(loop);
        Assert.True(await loop.Do(() => loop.Loop.Blocks.InUse) > 0);

        time.Advance(TimeSpan.FromSeconds(31));
        await loop.AssertNothingLeft();
    }

    /// <summary>A channel that was closed in the turn in which it had accepted more than the system takes.</summary>
    private static async Task<Socket> Farewell(RunningLoop loop)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { SendBufferSize = 4096 };
        await socket.ConnectAsync(listener.LocalEndPoint!).WaitAsync(RunningLoop.Limit);
        var peer = await listener.AcceptAsync().WaitAsync(RunningLoop.Limit);
        socket.Blocking = false;
        var descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        socket.SafeHandle.SetHandleAsInvalid(); // The loop closes it.
        while (!await loop.Do(() => TryFarewell(loop, descriptor)))
        {
            // Until a turn in which the loop gathers.
        }

        for (var turn = 0; turn < 20; turn++)
        {
            await loop.Do(() => { });
        }

        return peer;
    }

    private static bool TryFarewell(RunningLoop loop, int descriptor)
    {
        if (!((UringSource)loop.Loop.Source).Gathers)
        {
            return false;
        }

        var channel = loop.Loop.Adopt(descriptor);
        channel.Handler = new Recorder { Channel = channel };
        for (var sent = 0; sent < Accepted; sent += 16 * 1024)
        {
            Assert.True(channel.Send(new byte[16 * 1024]));
        }

        channel.Close();
        return true;
    }

    private static Socket Listening(int backlog)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(backlog);
        return listener;
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

    /// <summary>A peer that sends one number repeatedly; closes after some of them.</summary>
    private sealed class OneNumber(Channel channel, int calls, Action begun, Action faulty) : IChannelHandler
    {
        private readonly List<byte> _received = [];

        public void OnReceived(ReadOnlySpan<byte> bytes)
        {
            if (_received.Count == 0)
            {
                begun();
            }

            _received.AddRange(bytes);
            channel.Send(bytes[..1]);
            if (--calls > 0)
            {
                return;
            }

            for (var i = 4; i < _received.Count; i++)
            {
                if (_received[i] != _received[i - 4])
                {
                    faulty();
                    break;
                }
            }

            channel.Close();
        }

        public void OnClosed(int error) => faulty();

        public void OnEnd() => faulty();

        public void OnConnected() => faulty();

        public void OnDrained() => faulty();

        public void OnDeadline() => faulty();
    }
}
