using System.Net;
using System.Net.Sockets;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>Clients over HTTP/2: those of the engine's own listener, and those that others bring.</summary>
internal sealed partial class EngineIngress
{
    /// <summary>Listens for HTTP/2 with prior knowledge too, once it has begun to listen.</summary>
    /// <param name="socket">Bound, not yet listening; the engine closes it.</param>
    public IPEndPoint ListenForHttp2(Socket socket) => Listen(socket, AssignHttp2);

    /// <summary>Hands the connection of a client over HTTP/2 to the loop that has the least to do. By any thread.</summary>
    /// <param name="address">Says that it is HTTP/2, and its scheme.</param>
    public void AcceptHttp2(PipeConnection connection, ClientAddress address, CancellationToken leaving)
    {
        metrics.ClientConnected();
        var loop = LeastLoaded();
        loop.Wire.Post(() => loop.AcceptHttp2(connection, address, leaving));
    }

    /// <summary>Connections of clients, and streams of theirs, that the loops know. To be read in a turn of the only one.</summary>
    public int Conversations => _loops.Sum(loop => loop.Conversations);

    /// <summary>What was posted before has been done then, and what it has left for the end of its turn.</summary>
    private async Task TwoTurnsAsync()
    {
        await TurnAsync();
        await TurnAsync();
    }

    /// <summary>On the first loop.</summary>
    private void AssignHttp2(int descriptor, byte[] address)
    {
        if (!TryLetIn(descriptor, address, out var isCounted))
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

    /// <summary>Whether a connection that was accepted may stay. It is counted as a client's now, and not when its loop takes it in: a whole burst may be accepted before that.</summary>
    private bool TryLetIn(int descriptor, byte[] address, out bool isCounted)
    {
        if (IsLetIn(descriptor, address, out isCounted))
        {
            metrics.ClientConnected();
            return true;
        }

        return false;
    }

    /// <summary>The same without counting it.</summary>
    private bool IsLetIn(int descriptor, byte[] address, out bool isCounted)
    {
        isCounted = false;
        if (Clients >= _mostClients || (!Door.IsOpen && !Door.TryEnter(ClientAddress.In(address), out isCounted)))
        {
            Listener.Refuse(descriptor);
            return false;
        }

        return true;
    }
}
