using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Node.Hosting;

/// <summary>
/// Lets a client that has ended its side still get its answer. The server takes a client's end of sending for the end of the client, and drops the answer; this
/// hides the end from it as long as the connection can still carry an answer.
/// <para>
/// Known gap, as with every server that does so: a client that has closed its socket looks the same until the next bytes to it are refused. Until then its
/// exchange continues, at most until its timeouts.
/// </para>
/// </summary>
internal sealed class HalfClose
{
    private const int Tcp = 6;
    private const int TcpInfo = 11;

    /// <summary>The peer has closed its side, and this side has not (Linux, tcp_states.h).</summary>
    private const byte CloseWait = 8;

    private const int Open = 0;
    private const int Half = 1;
    private const int NotAllowed = 2;

    private readonly ConnectionContext _connection;
    private readonly CancellationTokenSource _gone;
    private int _state = Open;

    private HalfClose(ConnectionContext connection, CancellationTokenSource gone) => (_connection, _gone) = (connection, gone);

    public static ConnectionDelegate Allow(ConnectionDelegate next) => connection => ServeAsync(next, connection);

    /// <summary>From now on the client's end of sending is the end of the client: after an upgrade there is no answer to wait for.</summary>
    public void Forbid()
    {
        if (Interlocked.Exchange(ref _state, NotAllowed) == Half)
        {
            _gone.Cancel();
        }
    }

    private static async Task ServeAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        using var gone = new CancellationTokenSource();
        var half = new HalfClose(connection, gone);
        await using var end = connection.ConnectionClosed.UnsafeRegister(static half => ((HalfClose)half!).End(), half);
        connection.Features.Set(half);
        connection.ConnectionClosed = gone.Token;
        connection.Transport = new HalfClosedPipe(connection.Transport);
        await next(connection);
    }

    private void End()
    {
        var canSend = _connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket && CanStillSend(socket);
        if (!canSend || Interlocked.CompareExchange(ref _state, Half, Open) == NotAllowed)
        {
            _gone.Cancel();
        }
    }

    private static bool CanStillSend(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            Span<byte> state = stackalloc byte[1];
            return socket.GetRawSocketOption(Tcp, TcpInfo, state) == 1 && state[0] == CloseWait;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return false; // This side has closed it.
        }
    }
}
