using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Tests.Wire;

public sealed class ConnectTests
{
    private const int InvalidArgument = 22;
    private const int FamilyNotSupported = 97;
    private const int Refused = 111;

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    public async Task A_refused_connection_is_reported_once_with_its_error(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        using var unheard = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unheard.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        var refused = await loop.Connect(unheard.LocalEndPoint!, recorder => recorder.Channel.Send("kept until then"u8));

        Assert.Equal(Refused, await refused.Closed);
        Assert.Equal(["closed 111"], refused.Told);
        Assert.True(await loop.Do(() => refused.Channel.IsClosed));
        await loop.AssertNothingLeft();
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    public async Task An_attempt_that_fails_at_once_is_never_told_as_connected(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var cutShort = RunningLoop.BytesOf(new IPEndPoint(IPAddress.Loopback, 1))[..8];

        var failed = await loop.Connect(cutShort);

        Assert.Equal(InvalidArgument, await failed.Closed);
        Assert.Equal(["closed 22"], failed.Told);
        await loop.AssertNothingLeft();
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    public async Task An_attempt_without_a_socket_counts_for_no_connection(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);

        var failed = await loop.Connect([0xEE, 0, .. new byte[14]], recorder => recorder.Channel.Send("lost"u8));

        Assert.Equal(FamilyNotSupported, await failed.Closed);
        Assert.Equal(["closed 97"], failed.Told);
        await loop.AssertNothingLeft();
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    public async Task An_attempt_that_is_closed_before_its_outcome_tells_nothing_more(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var address = await loop.Listen(channel => new Recorder { Channel = channel, WhenEnded = channel.Close });

        var (closed, failed) = (await loop.Connect(address, r => r.Channel.Close()), await loop.Connect([0xEE, 0, .. new byte[14]], r => r.Channel.Reset()));

        await (await loop.Connect(address, r => r.WhenConnected = r.Channel.Close)).Connected;
        Assert.Empty(closed.Told.Concat(failed.Told));
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    [InlineData(Carrier.Pipes)]
    public async Task Bytes_sent_before_the_connection_is_made_arrive_in_order(Carrier carrier)
    {
        await using var loop = new RunningLoop(carrier);
        var accepted = new TaskCompletionSource<Recorder>(TaskCreationOptions.RunContinuationsAsynchronously);
        var address = await loop.Listen(channel =>
        {
            var recorder = new Recorder { Channel = channel, WhenEnded = channel.Close };
            accepted.SetResult(recorder);
            return recorder;
        });

        var client = await loop.Connect(address, recorder =>
        {
            Assert.False(recorder.Channel.Send("one "u8));
            Assert.False(recorder.Channel.Send("two "u8, "three "u8));
            Assert.Equal(14, recorder.Channel.Backlog);
            recorder.WhenConnected = () => recorder.Channel.Send("four"u8);
        });

        var server = await accepted.Task.WaitAsync(RunningLoop.Limit);
        await server.HasReceived(18);
        Assert.Equal("one two three four", Encoding.ASCII.GetString(server.Bytes));
        await client.Drained;
        await loop.Do(client.Channel.EndSending);
        await server.Ended;
        Assert.Equal(0, await client.Closed);
    }

    [Theory]
    [InlineData(Carrier.Epoll, "")]
    [IfUring(Carrier.Uring, "")]
    [InlineData(Carrier.Epoll, "a word")]
    [IfUring(Carrier.Uring, "a word")]
    [InlineData(Carrier.Pipes, "")]
    [InlineData(Carrier.Pipes, "a word")]
    public async Task An_end_of_sending_asked_for_while_connecting_reaches_the_peer(Carrier carrier, string word)
    {
        await using var loop = new RunningLoop(carrier);
        var accepted = new TaskCompletionSource<Recorder>(TaskCreationOptions.RunContinuationsAsynchronously);
        var address = await loop.Listen(channel =>
        {
            var recorder = new Recorder { Channel = channel };
            accepted.SetResult(recorder);
            return recorder;
        });

        var client = await loop.Connect(address, recorder =>
        {
            recorder.Channel.Send(Encoding.ASCII.GetBytes(word));
            recorder.Channel.EndSending();
        });

        var server = await accepted.Task.WaitAsync(RunningLoop.Limit);
        await server.Ended;
        Assert.Equal(word, Encoding.ASCII.GetString(server.Bytes));
        await loop.Do(server.Channel.Close);
        Assert.Equal(0, await client.Closed);
    }
}
