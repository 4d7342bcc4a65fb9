using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Gateway.Wire;

namespace Gateway.Tests.Wire;

/// <summary>A connected socket, read and written as pipes over its stream.</summary>
internal sealed record SocketPipes : PipeConnection
{
    private readonly Socket _socket;

    private SocketPipes(Socket socket, NetworkStream stream)
        : base(new Ends(PipeReader.Create(stream, new(leaveOpen: true)), PipeWriter.Create(stream, new(leaveOpen: true))), isCut => End(socket, isCut)) =>
        _socket = socket;

    public static SocketPipes Of(int descriptor) => Of(new Socket(new SafeSocketHandle(descriptor, ownsHandle: true)));

    public static async Task<PipeConnection> ConnectAsync(byte[] address, CancellationToken cancellation)
    {
        var system = new SocketAddress(AddressFamily.InterNetwork, address.Length);
        address.CopyTo(system.Buffer);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(0, 0).Create(system), cancellation);
        return Of(socket);
    }

    public override void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    private static SocketPipes Of(Socket socket) => new(socket, new NetworkStream(socket, ownsSocket: false));

    private static void End(Socket socket, bool isCut)
    {
        if (isCut)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        socket.Dispose();
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
