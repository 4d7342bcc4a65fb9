using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Gateway.Node.Engine;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Tests.Wire;
using Gateway.Upstream;

namespace Gateway.Tests.Engine;

/// <summary>A channel over a TLS session, with the test's server on the other side.</summary>
public sealed class TlsConnectionTests : IDisposable
{
    private readonly Certificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task A_close_ends_the_session_before_the_connection()
    {
        await using var loop = new RunningLoop();
        var (channel, server) = await ConnectAsync(loop);
        await using var peer = server;
        await loop.Do(() => channel.Channel.Send("all"u8));
        await loop.Do(channel.Channel.Close);

        Assert.Equal("all", await peer.ReadToEndAsync());
        Assert.False(peer.IsCutShort);
        Assert.Equal(["connected"], channel.Told);
        await loop.AssertNothingLeft();
    }

    [Fact]
    public async Task A_reset_does_not()
    {
        await using var loop = new RunningLoop();
        var (channel, server) = await ConnectAsync(loop);
        await using var peer = server;
        await loop.Do(channel.Channel.Reset);

        await Assert.ThrowsAsync<IOException>(peer.ReadToEndAsync);
        await loop.AssertNothingLeft();
    }

    [Fact]
    public async Task A_close_before_all_is_sent_does_not_either()
    {
        await using var loop = new RunningLoop();
        var (channel, server) = await ConnectAsync(loop);
        await using var peer = server;
        await loop.Do(() =>
        {
            Assert.False(channel.Channel.Send(new byte[16 * 1024 * 1024]));
            channel.Channel.Close();
        });

        await Assert.ThrowsAsync<IOException>(peer.ReadToEndAsync);
        await loop.AssertNothingLeft();
    }

    [Fact]
    public async Task After_the_end_of_sending_it_still_receives()
    {
        await using var loop = new RunningLoop();
        var (channel, server) = await ConnectAsync(loop);
        await using var peer = server;
        await loop.Do(() =>
        {
            channel.Channel.Send("a question"u8);
            channel.Channel.EndSending();
        });

        Assert.Equal("a question", await peer.ReadToEndAsync());
        await peer.EndAsync("an answer", endsSession: true);

        Assert.Equal(0, await channel.Closed);
        Assert.Equal("an answer"u8, channel.Bytes);
        Assert.False(channel.Channel.IsCutShort);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Its_end_tells_whether_the_session_was_ended_too(bool endsSession)
    {
        await using var loop = new RunningLoop();
        var (channel, server) = await ConnectAsync(loop);
        await using var peer = server;
        await peer.EndAsync("an answer", endsSession);

        await channel.Ended;
        Assert.Equal("an answer"u8, channel.Bytes);
        Assert.Equal(!endsSession, channel.Channel.IsCutShort);
        await loop.Do(channel.Channel.Close);
    }

    private async Task<(Recorder Channel, Server Server)> ConnectAsync(RunningLoop loop)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = TestEndpoints.Address($"https://{listener.LocalEndpoint}");
        var tls = new BackendTls().For(address, new() { Authorities = _certificates.AuthorityFile }, default);
        var connector = new BackendConnector(address, RunningLoop.Limit, TimeProvider.System, tls);
        var channel = await loop.Do(() =>
        {
            var recorder = new Recorder();
            recorder.Channel = loop.Loop.Connect(cancellation => TlsConnection.ConnectAsync(connector, TimeProvider.System, cancellation), recorder);
            return recorder;
        });
        var server = await Server.AcceptAsync(listener, _certificates);
        await channel.Connected;
        return (channel, server);
    }

    private sealed class Server : IAsyncDisposable
    {
        private readonly Socket _socket;
        private readonly HandshakeStream _inner;
        private readonly SslStream _session;

        private Server(Socket socket)
        {
            _socket = socket;
            _inner = new HandshakeStream(new NetworkStream(socket, ownsSocket: true));
            _session = new SslStream(_inner);
        }

        /// <summary>Whether the channel has ended the connection without ending the session.</summary>
        public bool IsCutShort => _inner.HasEnded;

        public static async Task<Server> AcceptAsync(TcpListener listener, Certificates certificates)
        {
            var server = new Server(await listener.AcceptSocketAsync().WaitAsync(RunningLoop.Limit));
            using var certificate = certificates.For("127.0.0.1");
            await server._session.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }).WaitAsync(RunningLoop.Limit);
            return server;
        }

        public async Task<string> ReadToEndAsync()
        {
            using var reader = new StreamReader(_session, leaveOpen: true);
            return await reader.ReadToEndAsync().WaitAsync(RunningLoop.Limit);
        }

        public async Task EndAsync(string words, bool endsSession)
        {
            await _session.WriteAsync(System.Text.Encoding.ASCII.GetBytes(words));
            if (endsSession)
            {
                await _session.ShutdownAsync();
            }

            _socket.Shutdown(SocketShutdown.Send);
        }

        public ValueTask DisposeAsync() => _session.DisposeAsync();
    }
}
