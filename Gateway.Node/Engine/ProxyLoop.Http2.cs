using Gateway.Node.Engine.Http2;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>HTTP/2 clients. Each of their streams is a conversation, and among the loop's clients.</summary>
internal sealed partial class ProxyLoop
{
    private readonly List<Http2Connection> _connections = [];
    private Http2Parts? _http2;
    private int _pendingGoAways;

    /// <summary>Shared by the HTTP/2 connections.</summary>
    public Http2Parts Http2 => _http2 ??= new(Context.Limits);

    /// <summary>The HTTP/2 connections that have announced their end and that their clients have yet to close. Readable by any thread.</summary>
    public int PendingGoAways => Volatile.Read(ref _pendingGoAways);

    /// <summary>The clients' connections and streams. Read on its own thread.</summary>
    public int Conversations => _clients.Count;

    public void GoAwaySent() => Volatile.Write(ref _pendingGoAways, _pendingGoAways + 1);

    public void GoAwayDone() => Volatile.Write(ref _pendingGoAways, _pendingGoAways - 1);

    /// <summary>Accepts an HTTP/2 client, on any carrier, already counted as connected.</summary>
    /// <param name="address">Includes HTTP/2 and the scheme.</param>
    /// <param name="isCounted">Whether the door must be notified when it leaves.</param>
    /// <param name="rule">Whether it begins with a PROXY protocol header.</param>
    public Http2Connection AcceptHttp2(Channel channel, ClientAddress address, bool isCounted = false, GreetingRule rule = GreetingRule.None)
    {
        Volatile.Write(ref _clientCount, _clientCount + 1);
        var connection = new Http2Connection(this, channel, address, isCounted) { Place = _connections.Count };
        _connections.Add(connection);
        connection.Begin(rule);
        return connection;
    }

    /// <summary>Accepts an HTTP/2 client that the engine has accepted.</summary>
    /// <param name="descriptor">The connected socket.</param>
    /// <param name="address">The peer's sockaddr.</param>
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

    /// <summary>Accepts an HTTP/2 client on a pipe.</summary>
    /// <param name="leaving">Cancelled when its server accepts no more: the client is asked to leave.</param>
    public void AcceptHttp2(PipeConnection connection, ClientAddress address, CancellationToken leaving)
    {
        var client = AcceptHttp2(Wire.Adopt(connection), address);
        leaving.UnsafeRegister(static leaver => ((Http2Connection)leaver!).DrainLater(), client);
    }

    /// <summary>Called when the connection is closed.</summary>
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
