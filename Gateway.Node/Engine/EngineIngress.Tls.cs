using System.Net;
using System.Net.Sockets;

namespace Gateway.Node.Engine;

/// <summary>Clients whose connections begin with a TLS handshake on their loop.</summary>
internal sealed partial class EngineIngress
{
    /// <summary>TLS sessions on the loops that have not ended.</summary>
    public int TlsSessions => _loops.Sum(loop => loop.TlsSessions);

    /// <summary>Ends the connections of whom nothing has come yet: nobody else waits for their handshakes. By any thread.</summary>
    public void EndSilentArrivals()
    {
        foreach (var loop in _loops)
        {
            loop.Wire.Post(loop.DrainArrivals);
        }
    }

    /// <summary>Listens for them, once it has begun to listen.</summary>
    /// <param name="socket">Bound, not yet listening; the engine closes it.</param>
    /// <param name="takeIn">Takes a connection in, on its loop: the descriptor, the peer's address as the system has it, and whether the door is to be told when it leaves.</param>
    public IPEndPoint ListenForTls(Socket socket, Action<ProxyLoop, int, byte[], bool> takeIn) => Listen(socket, (descriptor, address) =>
    {
        if (!IsLetIn(descriptor, address, out var isCounted))
        {
            return;
        }

        metrics.Tls.HandshakeBegun(); // Now, and not when its loop takes it in: a whole burst may be accepted before that.
        var least = LeastLoaded();
        if (ReferenceEquals(least, _loops[0]))
        {
            takeIn(least, descriptor, address, isCounted);
        }
        else
        {
            least.TakeInLater(() => takeIn(least, descriptor, address, isCounted));
        }
    });
}
