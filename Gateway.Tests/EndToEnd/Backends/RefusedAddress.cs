using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>
/// An address that refuses connections. Its port stays bound without listening, so that nothing else can listen there, and no connecting socket can get that
/// port and connect to itself, as could happen with a port that was merely free.
/// </summary>
public sealed class RefusedAddress : IDisposable
{
    private readonly Socket _bound;

    public RefusedAddress()
    {
        _bound = Bind(0);
        EndPoint = (IPEndPoint)_bound.LocalEndPoint!;
    }

    public IPEndPoint EndPoint { get; }

    public Uri Address => new($"http://{EndPoint}");

    public void Dispose() => _bound.Dispose();

    /// <summary>A socket on a loopback port, refusing until it listens.</summary>
    internal static Socket Bind(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true); // Next to another that does not listen either.
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }
}
