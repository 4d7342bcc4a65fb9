using Gateway.Core.Addressing;
using Gateway.Core.Connecting;

namespace Gateway.Upstream.Http2;

/// <summary>
/// The HTTP/2 connections to one endpoint. Usually one: another is opened when the existing ones have no room. The endpoint's cell limits
/// concurrent attempts; each connection takes as many as the endpoint allows.
/// </summary>
internal sealed class Http2Pool
{
    private readonly BackendTls _tls;
    private readonly ConnectionCount _counts;
    private readonly TimeProvider _clock;
    private readonly Func<double> _random;
    private readonly Lock _gate = new();
    private Http2Connection[] _connections = [];
    private volatile bool _retired;

    /// <param name="random">Returns random numbers in [0, 1), for the jitter of lifetimes.</param>
    public Http2Pool(
        EndpointAddress address, ConnectionPolicy policy, BackendTls tls, ConnectionCount counts, TimeProvider clock, Func<double> random) =>
        (Address, Policy, _tls, _counts, _clock, _random) = (address, policy, tls, counts, clock, random);

    public EndpointAddress Address { get; }

    public ConnectionPolicy Policy { get; }

    /// <summary>Open connections not in use.</summary>
    public int Idle => Volatile.Read(ref _connections).Count(connection => connection.IsIdle);

    /// <summary>Returns a connection with room for an attempt; the caller must exit it.</summary>
    /// <param name="fresh">Whether to accept only a connection without an answer so far.</param>
    /// <param name="limit">The limit under which it had room.</param>
    public Http2Connection Enter(bool fresh, out int limit)
    {
        if (TryEnter(fresh, out var connection, out limit))
        {
            return connection!;
        }

        lock (_gate)
        {
            if (!TryEnter(fresh, out connection, out limit))
            {
                connection = Connect();
                connection.TryEnter(long.MinValue, out limit);
                Volatile.Write(ref _connections, [.. _connections, connection]);
            }
        }

        if (_retired)
        {
            connection!.Leave();
        }

        return connection!;
    }

    /// <summary>Closes idle connections now, and the others when their last attempt ends.</summary>
    public void Retire()
    {
        _retired = true;
        foreach (var connection in Volatile.Read(ref _connections))
        {
            connection.Leave();
        }
    }

    private bool TryEnter(bool fresh, out Http2Connection? entered, out int limit)
    {
        var now = _clock.GetTimestamp();
        foreach (var connection in Volatile.Read(ref _connections))
        {
            if ((!fresh || !connection.HasAnswered) && connection.TryEnter(now, out limit))
            {
                entered = connection;
                return true;
            }
        }

        (entered, limit) = (null, Http2Connection.NoLimit);
        return false;
    }

    private Http2Connection Connect()
    {
        var lifetime = Policy.MaxLifetime * (0.9 + (0.1 * _random()));
        return new Http2Connection(Policy, ConnectAsync, _clock, _clock.GetTimestamp() + (long)(lifetime.TotalSeconds * _clock.TimestampFrequency), Remove);
    }

    private Task<Stream> ConnectAsync(Action<CountedStream> onSocket)
    {
        var connector = new BackendConnector(
            Address,
            Policy.ConnectTimeout,
            _clock,
            _tls.For(Address, Policy.Tls, Policy.Protocol),
            wrap: socket =>
            {
                var counted = new CountedStream(socket, _counts, _clock);
                onSocket(counted);
                return counted;
            });
        return connector.ConnectAsync().AsTask();
    }

    private void Remove(Http2Connection connection)
    {
        lock (_gate)
        {
            Volatile.Write(ref _connections, [.. _connections.Where(other => other != connection)]);
        }
    }
}
