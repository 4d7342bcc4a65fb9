using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Gateway.Wire;

/// <summary>A connected socket, read and written as pipes over its stream: the transport of plain connections on a portable loop.</summary>
internal sealed record SocketConnection : PipeConnection
{
    /// <summary>The size of an IPv4 address in the system's form; an IPv6 one is longer.</summary>
    private const int ShortAddress = 16;

    private const int BufferSize = 16 * 1024;

    private readonly Socket _socket;

    private SocketConnection(Socket socket, NetworkStream stream)
        : base(PipesOf(stream), isCut => End(socket, isCut)) => _socket = socket;

    public static SocketConnection Of(Socket socket) => new(socket, new NetworkStream(socket, ownsSocket: false));

    /// <summary>Connects; runs off the loop.</summary>
    /// <param name="address">The system's form.</param>
    public static async Task<PipeConnection> ConnectAsync(byte[] address, CancellationToken cancellation)
    {
        var any = address.Length > ShortAddress ? new IPEndPoint(IPAddress.IPv6Any, 0) : new IPEndPoint(IPAddress.Any, 0);
        var native = new SocketAddress(any.AddressFamily, address.Length);
        address.CopyTo(native.Buffer);
        var socket = new Socket(any.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(any.Create(native), cancellation);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return Of(socket);
    }

    /// <summary>Returns the Linux error number of a failed connect.</summary>
    public static int NumberOf(Exception cause) => (cause as SocketException)?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => Libc.ConnectionRefused,
        SocketError.ConnectionReset => Libc.ConnectionReset,
        SocketError.HostUnreachable => Libc.HostUnreachable,
        SocketError.NetworkUnreachable => Libc.NetworkUnreachable,
        SocketError.TooManyOpenSockets => Libc.TooManyOpen,
        _ => Libc.Aborted,
    };

    public override void EndSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The peer has reset it: the read reports that.
        }
    }

    private static void End(Socket socket, bool isCut)
    {
        if (isCut)
        {
            socket.Close(timeout: 0); // With a reset.
        }

        socket.Dispose();
    }

    /// <summary>Holds no buffer while idle: reads first wait until the connection is readable.</summary>
    private static Pipes PipesOf(NetworkStream stream) => new(
        PipeReader.Create(stream, new(bufferSize: BufferSize, leaveOpen: true, useZeroByteReads: true)),
        PipeWriter.Create(stream, new(minimumBufferSize: BufferSize, leaveOpen: true)));

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
