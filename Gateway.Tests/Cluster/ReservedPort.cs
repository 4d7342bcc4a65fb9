using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.Cluster;

/// <summary>
/// A loopback port that stays bound, without listening, during its lifetime, so that the system gives it to nobody else; code that also sets "reuse address"
/// can listen on it, stop, and listen again.
/// </summary>
internal sealed class ReservedPort : IDisposable
{
    private readonly Socket _bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ReservedPort()
    {
        _bound.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Number = ((IPEndPoint)_bound.LocalEndPoint!).Port;
    }

    public int Number { get; }

    public string Address => $"127.0.0.1:{Number}";

    public void Dispose() => _bound.Dispose();
}
