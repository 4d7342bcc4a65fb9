using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Gateway.Wire;
using Gateway.Wire.Tls;

namespace Gateway.Tests.Wire.Tls;

/// <summary>Data of an established session, and its end.</summary>
public sealed class TlsChannelTests
{
    private const int ProtocolError = 71; // EPROTO
    private const int Tls12 = 0x303;
    private const int Tls13 = 0x304;

    [Theory]
    [InlineData(SslProtocols.Tls12, 1)]
    [InlineData(SslProtocols.Tls13, 1)]
    [InlineData(SslProtocols.Tls13, 7)]
    public async Task Records_that_come_in_pieces_are_put_together(SslProtocols protocol, int piece)
    {
        await using var server = await new TlsServer().StartAsync();
        await using var client = await server.ConnectAsync(o => o.EnabledSslProtocols = protocol, beneath => new ShapedStream(beneath, piece));
        var session = await server.NextAsync();
        var bytes = RandomNumberGenerator.GetBytes(20_000);
        await client.WriteAsync(bytes);

        await session.HasReceived(bytes.Length);
        Assert.Equal(bytes, session.Bytes);
        Assert.Equal(protocol == SslProtocols.Tls13, ((TlsChannel)session.Channel).IsTls13);
    }

    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    public async Task Megabytes_come_back_whole_and_in_order_through_pauses_in_both_directions(Carrier carrier)
    {
        await using var server = await new TlsServer(carrier) { HandlerOf = session => new Echo(session) }.StartAsync();
        await using var client = await server.ConnectAsync();
        var bytes = RandomNumberGenerator.GetBytes(8 * 1024 * 1024);
        var writing = client.WriteAsync(bytes).AsTask();
        var returned = new byte[bytes.Length];
        await client.ReadExactlyAsync(returned).AsTask().WaitAsync(RunningLoop.Limit);
        await writing;

        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(returned));
        await client.ShutdownAsync();
        Assert.Equal(0, await client.ReadAsync(new byte[1]));
    }

    [Fact]
    public async Task An_end_that_comes_with_data_is_reported_once_the_handler_goes_on()
    {
        await using var server = await new TlsServer { Prepare = session => session.WhenReceived = _ => session.Channel.Pause() }.StartAsync();
        ShapedStream? beneath = null;
        await using var client = await server.ConnectAsync(over: stream => beneath = new(stream));
        var session = await server.NextAsync();
        beneath!.Holds = true;
        await client.WriteAsync("data"u8.ToArray());
        await client.ShutdownAsync();
        await beneath.LetGoAsync();
        await session.HasReceived(4);
        Assert.True(await server.Running.Do(() => session.Channel.HasUnread));
        Assert.DoesNotContain("end", session.Told);

        await server.Running.Do(session.Channel.Resume);
        await session.Ended;
        Assert.False(session.Channel.IsCutShort);
        await server.Running.Do(session.Channel.Close);
    }

    [Fact]
    public async Task An_end_without_close_notify_is_known_for_one()
    {
        await using var server = await new TlsServer().StartAsync();
        var client = await server.ConnectAsync();
        var session = await server.NextAsync();
        await session.Connected;
        await client.DisposeAsync(); // Without close_notify.

        await session.Ended;
        Assert.True(session.Channel.IsCutShort);
        await server.Running.Do(session.Channel.Close);
    }

    /// <summary>Even if OpenSSL's own output is waiting: the owner has seen it in the backlog.</summary>
    [Fact]
    public async Task A_backlog_that_was_reported_is_reported_gone()
    {
        await using var server = await new TlsServer().StartAsync();
        await using var client = await server.ConnectAsync();
        var session = await server.NextAsync();
        await session.Connected;
        var sent = await server.Running.Do(() =>
        {
            var bytes = new byte[100_000];
            var count = 0;
            for (var goesOn = true; goesOn; count++)
            {
                goesOn = session.Channel.Send(bytes);
            }

            session.Channel.EndSending(); // Its close_notify follows them.
            return count * bytes.Length;
        });

        Assert.True(await server.Running.Do(() => session.Channel.Backlog > 0));
        await client.ReadExactlyAsync(new byte[sent]).AsTask().WaitAsync(RunningLoop.Limit);
        Assert.Equal(0, await client.ReadAsync(new byte[1]));
        await session.Drained;
        await server.Running.Do(session.Channel.Close);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keys_may_be_updated_now_and_then(bool asksForAnswer)
    {
        await using var server = await new TlsServer().StartAsync();
        using var client = await NativeClient.ConnectAsync(server.Address, Tls13);
        var session = await server.NextAsync();
        for (var i = 0; i < 20; i++)
        {
            Assert.True(client.UpdateKeys(asksForAnswer) && client.Write([(byte)i]));
        }

        await session.HasReceived(20);
        Assert.Equal(20, session.Bytes.Length);
        await server.Running.Do(() => session.Channel.Send("after"u8));
        Assert.Equal(5, await Task.Run(() => client.Read(new byte[10])));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_does_little_but_update_keys_is_cut_off(bool asksForAnswer)
    {
        await using var server = await new TlsServer().StartAsync();
        using var client = await NativeClient.ConnectAsync(server.Address, Tls13);
        var session = await server.NextAsync();
        var updates = 0;
        while (updates < 10_000 && client.UpdateKeys(asksForAnswer) && client.Write([1]))
        {
            updates++;
        }

        Assert.Equal(ProtocolError, await session.Closed);
        Assert.True(session.Bytes.Length <= 40, $"{session.Bytes.Length} updates were taken");
    }

    [Theory]
    [InlineData(Tls12)]
    [InlineData(Tls13)]
    public async Task A_session_is_resumed_by_its_ticket_but_not_under_another_demand(int version)
    {
        await using var server = await new TlsServer { Prepare = Greet }.StartAsync();
        nint ticket;
        using (var first = await NativeClient.ConnectAsync(server.Address, version))
        {
            Assert.Equal(1, await Task.Run(() => first.Read(new byte[1]))); // The tickets of TLS 1.3 precede it.
            ticket = first.TakeSession();
        }

        Assert.False(Session(await server.NextAsync()).IsResumed);
        using (var second = await NativeClient.ConnectAsync(server.Address, version, ticket))
        {
            Assert.Equal(1, await Task.Run(() => second.Read(new byte[1])));
            Assert.True(Session(await server.NextAsync()).IsResumed);
            ticket = second.TakeSession();
        }

        server.Demand = CertificateDemand.Accepted;
        using var third = await NativeClient.ConnectAsync(server.Address, version, ticket);
        Assert.Equal(1, await Task.Run(() => third.Read(new byte[1])));
        Assert.False(Session(await server.NextAsync()).IsResumed);
    }

    [Theory]
    [InlineData(Tls12)]
    [InlineData(Tls13)]
    public async Task A_client_with_a_ticket_of_former_keys_shakes_hands_in_full(int version)
    {
        await using var server = await new TlsServer { Prepare = Greet }.StartAsync();
        nint ticket = 0;
        foreach (var isResumed in (bool[])[false, true])
        {
            using var client = await NativeClient.ConnectAsync(server.Address, version, ticket);
            Assert.Equal(1, await Task.Run(() => client.Read(new byte[1])));
            Assert.Equal(isResumed, Session(await server.NextAsync()).IsResumed);
            ticket = client.TakeSession();
        }

        await server.RenewKeysAsync();
        using var late = await NativeClient.ConnectAsync(server.Address, version, ticket);
        Assert.Equal(1, await Task.Run(() => late.Read(new byte[1])));
        Assert.False(Session(await server.NextAsync()).IsResumed);
    }

    /// <summary>Clients break off, or are closed, at seeded moments; in between one is served as usual.</summary>
    [Theory]
    [InlineData(Carrier.Epoll)]
    [IfUring(Carrier.Uring)]
    public async Task Sessions_that_end_at_any_moment_leave_nothing_behind(Carrier carrier)
    {
        await using var server = await new TlsServer(carrier) { HandlerOf = session => new Ending(session) }.StartAsync();
        for (var round = 0; round < 6; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 30).Select(async n =>
            {
                var left = new BreakingOff((round * 30) + n);
                try
                {
                    await using var client = await server.ConnectAsync(over: left.Over);
                    await client.WriteAsync(new byte[50_000]);
                    while (await client.ReadAsync(new byte[4096]) > 0)
                    {
                    }
                }
                catch (Exception end) when (end is IOException or AuthenticationException or SocketException or ObjectDisposedException)
                {
                    // Expected.
                }
            }));
            var served = 0;
            for (var n = 0; n < 5; n++) // One for each of the moments.
            {
                served += await IsAnsweredAsync(server) ? 1 : 0;
            }

            Assert.InRange(served, 1, 5);
        }

        await server.NoneIsLeftAsync();
    }

    /// <summary>Whether a client that does not break off gets something for what it sends.</summary>
    private static async Task<bool> IsAnsweredAsync(TlsServer server)
    {
        try
        {
            await using var client = await server.ConnectAsync();
            await client.WriteAsync("x"u8.ToArray());
            return await client.ReadAsync(new byte[1]).AsTask().WaitAsync(RunningLoop.Limit) == 1;
        }
        catch (Exception end) when (end is IOException or AuthenticationException or SocketException)
        {
            return false;
        }
    }

    private static void Greet(Recorder session)
    {
        session.WhenConnected = () => session.Channel.Send("!"u8);
        session.WhenEnded = () => session.Channel.Close();
    }

    private static TlsChannel Session(Recorder session) => (TlsChannel)session.Channel;

    /// <summary>Echoes input; does not read while it cannot send, and occasionally pauses without need.</summary>
    private sealed class Echo(TlsChannel channel) : IChannelHandler
    {
        private int _calls;

        public void OnReceived(ReadOnlySpan<byte> bytes)
        {
            var half = bytes.Length / 3;
            if (!(_calls++ % 2 == 0 ? channel.Send(bytes) : channel.Send(bytes[..half], bytes[half..])))
            {
                channel.Pause();
            }
            else if (_calls % 16 == 0)
            {
                channel.Pause();
                channel.Loop.After(1, channel.Resume);
            }
        }

        public void OnDrained() => channel.Resume();

        public void OnEnd() => channel.Close();

        public void OnConnected()
        {
        }

        public void OnClosed(int error) => Assert.Equal(0, error);

        public void OnDeadline() => Assert.Fail("none was set");
    }

    /// <summary>Ends sessions from within its calls, each in a different one.</summary>
    private sealed class Ending(TlsChannel channel) : IChannelHandler
    {
        private static int _count;
        private readonly int _moment = Interlocked.Increment(ref _count) % 5;

        public void OnConnected()
        {
            if (_moment == 0)
            {
                channel.Close();
            }
        }

        public void OnReceived(ReadOnlySpan<byte> bytes)
        {
            switch (_moment)
            {
                case 1:
                    channel.Reset();
                    break;
                case 2:
                    channel.Send(bytes);
                    channel.Close();
                    break;
                case 3:
                    channel.Pause();
                    channel.Send(bytes, bytes);
                    channel.EndSending();
                    channel.Loop.After(1, channel.Close);
                    break;
                default:
                    channel.Send(bytes);
                    break;
            }
        }

        public void OnDrained()
        {
        }

        public void OnEnd() => channel.Close();

        public void OnClosed(int error)
        {
        }

        public void OnDeadline()
        {
        }
    }
}
