using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.Wire;

public sealed class ThrowingHandlerTests
{
    private const int Aborted = 103;

    [Theory]
    [InlineData(Carrier.Epoll, "received")]
    [IfUring(Carrier.Uring, "received")]
    [InlineData(Carrier.Epoll, "end")]
    [IfUring(Carrier.Uring, "end")]
    [InlineData(Carrier.Epoll, "deadline")]
    [IfUring(Carrier.Uring, "deadline")]
    [InlineData(Carrier.Pipes, "received")]
    [InlineData(Carrier.Pipes, "end")]
    [InlineData(Carrier.Pipes, "deadline")]
    public async Task A_handler_that_throws_ends_its_connection_alone(Carrier carrier, string when)
    {
        await using var loop = new RunningLoop(carrier);
        var accepted = new TaskCompletionSource<Recorder>(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        var address = await loop.Listen(channel =>
        {
            var recorder = new Recorder { Channel = channel };
            if (count++ == 0)
            {
                Prepare(recorder, when);
                accepted.SetResult(recorder);
            }
            else
            {
                recorder.WhenReceived = bytes => channel.Send(bytes);
                recorder.WhenEnded = channel.Close;
            }

            return recorder;
        });

        using var bad = await Connected(address);
        var recorder = await accepted.Task.WaitAsync(RunningLoop.Limit);
        using var good = await Connected(address);
        await bad.SendAsync(new byte[1]);
        bad.Shutdown(SocketShutdown.Send);

        Assert.Equal(Aborted, await recorder.Closed);
        Assert.Equal($"closed {Aborted}", recorder.Told.Last());
        await good.SendAsync("still there"u8.ToArray());
        var read = new byte[64];
        Assert.Equal(11, await good.ReceiveAsync(read).WaitAsync(RunningLoop.Limit));
        Assert.Equal(when, Assert.Single(await loop.Do(() => loop.Faults.ToArray())).Message);
        loop.Faults.Clear();
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    [InlineData(Carrier.Pipes)]
    public async Task A_handler_that_throws_when_it_is_connected_ends_its_connection_alone(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var address = await loop.Listen(channel => new Recorder { Channel = channel, WhenEnded = channel.Close });
        var bad = await loop.Connect(address, recorder => recorder.WhenConnected = () => throw new InvalidOperationException("connected"));
        Assert.Equal(Aborted, await bad.Closed);

        await (await loop.Connect(address, recorder => recorder.WhenConnected = recorder.Channel.Close)).Connected;
        Assert.Equal("connected", Assert.Single(await loop.Do(() => loop.Faults.ToArray())).Message);
        loop.Faults.Clear();
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    [InlineData(Carrier.Pipes)]
    public async Task A_handler_that_throws_again_when_it_is_closed_does_not_end_the_loop(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var (socket, channel) = await loop.Pair(recorder =>
        {
            recorder.WhenReceived = _ => throw new InvalidOperationException("received");
            recorder.WhenClosed = () => throw new InvalidOperationException("closed");
        });
        using var peer = socket;
        await peer.SendAsync(new byte[1]);

        Assert.Equal(Aborted, await channel.Closed);
        await loop.AssertNothingLeft();
        Assert.Equal(["closed", "received"], loop.Faults.Select(f => f.Message).Order());
        loop.Faults.Clear();
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    [InlineData(Carrier.Pipes)]
    public async Task A_handler_that_throws_after_it_has_closed_is_not_told_of_it(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var (socket, channel) = await loop.Pair(recorder => recorder.WhenReceived = _ =>
        {
            recorder.Channel.Close();
            throw new InvalidOperationException("received");
        });
        using var peer = socket;
        await peer.SendAsync(new byte[1]);
        await channel.HasReceived(1);
        await loop.AssertNothingLeft();
        Assert.Equal(["received"], channel.Told);
        Assert.Single(loop.Faults);
        loop.Faults.Clear();
    }

    private static void Prepare(Recorder recorder, string when)
    {
        void Throw() => throw new InvalidOperationException(when);
        switch (when)
        {
            case "received":
                recorder.WhenReceived = _ => Throw();
                break;
            case "end":
                recorder.WhenEnded = Throw;
                break;
            default:
                recorder.WhenDue = Throw;
                recorder.Channel.Deadline = recorder.Channel.Loop.Now + 5;
                break;
        }
    }

    private static async Task<Socket> Connected(IPEndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address).WaitAsync(RunningLoop.Limit);
        return socket;
    }
}
