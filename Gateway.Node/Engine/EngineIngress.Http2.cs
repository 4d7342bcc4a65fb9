using System.Net;
using System.Net.Sockets;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>HTTP/2 clients: from the engine's own listener, and from others.</summary>
internal sealed partial class EngineIngress
{
    /// <summary>Also listens for HTTP/2 with prior knowledge. Called after <see cref="Listen(Socket, int, LoopKind)"/>.</summary>
    /// <param name="socket">Bound, not yet listening; closed by the engine.</param>
    public IPEndPoint ListenForHttp2(Socket socket) => Listen(socket, AssignHttp2);

    /// <summary>Passes an HTTP/2 client's connection to the least loaded loop. Thread-safe.</summary>
    /// <param name="address">Includes HTTP/2 and the scheme.</param>
    public void AcceptHttp2(PipeConnection connection, ClientAddress address, CancellationToken leaving)
    {
        metrics.ClientConnected();
        var loop = LeastLoaded();
        loop.Wire.Post(() => loop.AcceptHttp2(connection, address, leaving));
    }

    /// <summary>The clients' connections and streams on all loops. Read it within a turn of the only loop.</summary>
    public int Conversations => _loops.Sum(loop => loop.Conversations);

    /// <summary>Completes after what was posted before has run, including what it left for the end of its turn.</summary>
    private async Task TwoTurnsAsync()
    {
        await TurnAsync();
        await TurnAsync();
    }

    /// <summary>Runs on the first loop.</summary>
    private void AssignHttp2(int descriptor, byte[] address)
    {
        if (!TryAdmit(descriptor, address, out var isCounted))
        {
            return;
        }

        var least = LeastLoaded();
        if (ReferenceEquals(least, _loops[0]))
        {
            least.AcceptHttp2(descriptor, address, isCounted);
        }
        else
        {
            least.AcceptHttp2Later(descriptor, address, isCounted);
        }
    }

    /// <summary>
    /// Whether an accepted connection may stay. It is counted as a client's now, not when its loop takes it in: a whole burst may be accepted before that.
    /// </summary>
    private bool TryAdmit(int descriptor, byte[] address, out bool isCounted)
    {
        if (IsAdmitted(descriptor, address, out isCounted))
        {
            metrics.ClientConnected();
            return true;
        }

        return false;
    }

    /// <summary>The same without counting it as a client's.</summary>
    private bool IsAdmitted(int descriptor, byte[] address, out bool isCounted)
    {
        isCounted = false;
        if (Clients >= _maxClients || (!Admission.IsOpen && !Admission.TryAdmit(ClientAddress.In(address), out isCounted)))
        {
            Listener.Refuse(descriptor);
            return false;
        }

        return true;
    }
}
