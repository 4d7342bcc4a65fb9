using Gateway.Wire;

namespace Gateway.Node.Engine.Http2;

/// <summary>The HTTP/2 connections of one loop, and the resources that they share. Used by its thread only.</summary>
internal sealed class Http2Clients(ProxyLoop loop) : IHttp2Clients
{
    private readonly List<Http2Connection> _connections = [];
    private Http2Parts? _parts;
    private int _pendingGoAways;

    public int PendingGoAways => Volatile.Read(ref _pendingGoAways);

    /// <summary>Shared by the connections.</summary>
    public Http2Parts Parts => _parts ??= new(loop.Context.Limits);

    public static IHttp2Clients Of(ProxyLoop loop) => new Http2Clients(loop);

    public IHttp2Client Accept(Channel channel, ClientAddress address, bool isCounted, GreetingRule rule)
    {
        loop.Entered();
        var connection = new Http2Connection(this, loop, channel, address, isCounted) { Place = _connections.Count };
        _connections.Add(connection);
        connection.Begin(rule);
        return connection;
    }

    public void Drain()
    {
        foreach (var connection in _connections.ToList())
        {
            connection.Drain();
        }
    }

    public void CutOff()
    {
        foreach (var connection in _connections.ToList())
        {
            connection.CutOff();
        }
    }

    public void GoAwaySent() => Volatile.Write(ref _pendingGoAways, _pendingGoAways + 1);

    public void GoAwayDone() => Volatile.Write(ref _pendingGoAways, _pendingGoAways - 1);

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
        loop.Left(connection.Address, connection.IsCounted);
    }
}
