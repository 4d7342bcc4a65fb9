using System.Net;
using System.Net.Sockets;

namespace Gateway.Node.Engine;

/// <summary>Clients whose connections begin with a TLS handshake on their loop.</summary>
internal sealed partial class EngineIngress
{
    /// <summary>The open TLS sessions on the loops.</summary>
    public int TlsSessions => _loops.Sum(loop => loop.TlsSessions);

    /// <summary>Ends connections that have sent nothing yet: no one else waits for their handshakes. Thread-safe.</summary>
    public void EndSilentArrivals()
    {
        foreach (var loop in _loops)
        {
            loop.Wire.Post(loop.DrainArrivals);
        }
    }

    /// <summary>Also listens for TLS clients. Called after <c>Listen</c>.</summary>
    /// <param name="socket">Bound, not yet listening; closed by the engine.</param>
    /// <param name="takeIn">
    /// Takes in a connection, on its loop: the descriptor, the peer's sockaddr, and whether <see cref="ClientAdmission"/> counts it.
    /// </param>
    public IPEndPoint ListenForTls(Socket socket, Action<ProxyLoop, int, byte[], bool> takeIn) => Listen(socket, (descriptor, address) =>
    {
        if (!IsAdmitted(descriptor, address, out var isCounted))
        {
            return;
        }

        metrics.Tls.HandshakeBegun(); // Now, not when its loop takes it in: a whole burst may be accepted before that.
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
