using Gateway.Node.Engine.Http2;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>Clients over HTTP/2. Each of their streams is a conversation, and among the loop's clients.</summary>
internal sealed partial class ProxyLoop
{
    private readonly List<Http2Connection> _connections = [];
    private Http2Parts? _http2;
    private int _farewells;

    /// <summary>What connections over HTTP/2 share.</summary>
    public Http2Parts Http2 => _http2 ??= new(Context.Limits);

    /// <summary>Connections over HTTP/2 that were told that this is their end, and that their clients have yet to close. May be read by any thread.</summary>
    public int Farewells => Volatile.Read(ref _farewells);

    /// <summary>Connections of clients, and streams of theirs, that it knows. For its own thread.</summary>
    public int Conversations => _clients.Count;

    public void FarewellSaid() => Volatile.Write(ref _farewells, _farewells + 1);

    public void FarewellOver() => Volatile.Write(ref _farewells, _farewells - 1);

    /// <summary>Takes in a client over HTTP/2, whatever carries it, and which has been counted as connected.</summary>
    /// <param name="address">Says that it is HTTP/2, and its scheme.</param>
    /// <param name="isCounted">Whether the door is to be told when it leaves.</param>
    /// <param name="rule">Whether it begins with a header of the PROXY protocol.</param>
    public Http2Connection AcceptHttp2(Channel channel, ClientAddress address, bool isCounted = false, GreetingRule rule = GreetingRule.None)
    {
        Volatile.Write(ref _clientCount, _clientCount + 1);
        var connection = new Http2Connection(this, channel, address, isCounted) { Place = _connections.Count };
        _connections.Add(connection);
        connection.Begin(rule);
        return connection;
    }

    /// <summary>The same of one that the engine has accepted itself.</summary>
    /// <param name="descriptor">The connected socket.</param>
    /// <param name="address">The peer's address as the system has it.</param>
    public void AcceptHttp2(int descriptor, byte[] address, bool isCounted)
    {
        var client = new ClientAddress(ClientAddress.In(address), isHttp2: true) { Port = ClientAddress.PortIn(address) };
        AcceptHttp2(Wire.Adopt(descriptor), client, isCounted, ProxyGreeting.RuleFor(Context.State.Configured?.Settings, client.Peer));
    }

    /// <summary>The same, by any thread.</summary>
    public void AcceptHttp2Later(int descriptor, byte[] address, bool isCounted)
    {
        Interlocked.Increment(ref _coming);
        Wire.Post(() =>
        {
            Interlocked.Decrement(ref _coming);
            AcceptHttp2(descriptor, address, isCounted);
        });
    }

    /// <summary>Takes in a client over HTTP/2 whose connection something else carries.</summary>
    /// <param name="leaving">Cancelled when the carrier accepts no more: the client is asked to leave.</param>
    public void AcceptHttp2(PipeConnection connection, ClientAddress address, CancellationToken leaving)
    {
        var client = AcceptHttp2(Wire.Adopt(connection), address);
        leaving.UnsafeRegister(static leaver => ((Http2Connection)leaver!).DrainLater(), client);
    }

    /// <summary>The connection is closed.</summary>
    public void Forget(Http2Connection connection)
    {
        if (connection.Place < 0)
        {
            return;
        }

        _connections[connection.Place] = _connections[^1];
        _connections[connection.Place].Place = connection.Place;
        _connections.RemoveAt(_connections.Count - 1);
        connection.Place = -1;
        Left(connection.Address, connection.IsCounted);
    }

    private void DrainHttp2()
    {
        foreach (var connection in _connections.ToList())
        {
            connection.Drain();
        }
    }

    private void CutOffHttp2()
    {
        foreach (var connection in _connections.ToList())
        {
            connection.CutOff();
        }
    }
}
