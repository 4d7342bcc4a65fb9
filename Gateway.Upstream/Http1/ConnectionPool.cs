using System.Net.Security;
using System.Net.Sockets;
using Gateway.Core.Endpoints;
using Gateway.Core.Pools;

namespace Gateway.Upstream.Http1;

/// <summary>
/// The connections to one endpoint. The newest idle one is used first, so that the others can grow old and close. Taking and returning an
/// idle connection costs neither lock nor allocation. There are as many slots as attempts may be in flight, so that whoever holds a lease
/// finds a slot; who finds no room waits at the pick, for the whole pool of endpoints.
/// </summary>
internal sealed class ConnectionPool
{
    private readonly EndpointAddress _address;
    private readonly ConnectionPolicy _policy;
    private readonly ConnectionCount _counts;
    private readonly TimeProvider _clock;
    private readonly Func<double> _random;
    private readonly Http1Connection?[] _connections;
    private readonly SlotStack _free;
    private readonly SlotStack _idle;
    private readonly SslClientAuthenticationOptions? _tls;
    private volatile bool _retired;
    private int _used;
    private int _open;

    /// <param name="random">Random numbers in [0, 1), for the jitter of lifetimes.</param>
    public ConnectionPool(EndpointAddress address, ConnectionPolicy policy, ConnectionCount counts, TimeProvider clock, Func<double> random)
    {
        (_address, _policy, _counts, _clock, _random) = (address, policy, counts, clock, random);
        _connections = new Http1Connection?[policy.Max];
        _free = new SlotStack(policy.Max, full: true);
        _idle = new SlotStack(policy.Max, full: false);
        if (address.IsTls)
        {
            _tls = BackendTls.Options();
            _tls.TargetHost = address.Host;
            _tls.ApplicationProtocols = [SslApplicationProtocol.Http11];
        }
    }

    public EndpointAddress Address => _address;

    public ConnectionPolicy Policy => _policy;

    /// <summary>The newest idle connection that is still open; null when there is none.</summary>
    /// <param name="idleAtMost">Ticks that it may have been idle; older ones stay for others.</param>
    public Http1Connection? TryTakeIdle(long idleAtMost)
    {
        while (_idle.TryPop(out var slot))
        {
            var connection = Volatile.Read(ref _connections[slot]);
            if (connection is not null && connection.IdleSince + idleAtMost < _clock.GetTimestamp())
            {
                _idle.Push(slot); // The newest is too old, and so are those below it.
                return null;
            }

            if (connection is not null && connection.TryTake())
            {
                return connection;
            }

            Free(slot);
        }

        return null;
    }

    /// <summary>A new connection. Throws <see cref="SocketException"/>, <see cref="IOException"/>, an authentication or a cancellation.</summary>
    public async ValueTask<Http1Connection> ConnectAsync(CancellationToken cancellation)
    {
        var slot = TakeSlot();
        Interlocked.Increment(ref _open);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(_policy.ConnectTimeout);
            var stream = await OpenAsync(limit.Token);
            var lifetime = _policy.MaxLifetime * (0.9 + (0.1 * _random()));
            var connection = new Http1Connection(stream, slot, _clock.GetTimestamp() + Ticks(lifetime), OnClosed);
            Volatile.Write(ref _connections[slot], connection);
            NoteUse(slot);
            _counts.Opened();
            return connection;
        }
        catch
        {
            Interlocked.Decrement(ref _open);
            _free.Push(slot);
            throw;
        }
    }

    /// <summary>Takes a connection back whose exchange ended cleanly.</summary>
    /// <param name="endpointTimeout">How long the endpoint keeps idle connections, where it says so.</param>
    public void Return(Http1Connection connection, TimeSpan? endpointTimeout)
    {
        var now = _clock.GetTimestamp();
        if (_retired || connection.ExpiresAt <= now)
        {
            connection.Close();
            return;
        }

        var idle = _policy.IdleTimeout;
        if (endpointTimeout - TimeSpan.FromSeconds(1) is { } theirs && theirs < idle)
        {
            idle = theirs;
        }

        if (connection.PutIdle(now, now + Ticks(idle)))
        {
            _idle.Push(connection.Slot);
            if (_retired)
            {
                connection.CloseIdle();
            }
        }
    }

    /// <summary>Closes what is idle for too long, too old, or past its deadline. Called by the clean-up, every few milliseconds.</summary>
    /// <returns>False when the pool is retired and its last connection closed.</returns>
    public bool CleanUp(long now)
    {
        foreach (var connection in _connections.AsSpan(0, Volatile.Read(ref _used)))
        {
            connection?.Expire(now);
        }

        return !_retired || Volatile.Read(ref _open) > 0;
    }

    /// <summary>Closes idle connections now and busy ones when they are returned.</summary>
    public void Retire()
    {
        _retired = true;
        foreach (var connection in _connections)
        {
            connection?.CloseIdle();
        }
    }

    private int TakeSlot()
    {
        if (_free.TryPop(out var slot))
        {
            return slot;
        }

        // All slots have connections: one that is idle, and was not wanted, makes room.
        while (_idle.TryPop(out slot))
        {
            if (Volatile.Read(ref _connections[slot]) is not { } connection)
            {
                return slot;
            }

            if (connection.TryTake())
            {
                connection.Close();
                if (_free.TryPop(out slot))
                {
                    return slot;
                }
            }
            else
            {
                return slot;
            }
        }

        throw new IOException($"all {_policy.Max} connections to {_address} are busy");
    }

    /// <summary>Low slots are used first, so the clean-up need not look beyond the highest ever used.</summary>
    private void NoteUse(int slot)
    {
        for (var used = Volatile.Read(ref _used); used <= slot;)
        {
            var before = Interlocked.CompareExchange(ref _used, slot + 1, used);
            used = before == used ? slot + 1 : before;
        }
    }

    private void Free(int slot)
    {
        Volatile.Write(ref _connections[slot], null);
        _free.Push(slot);
    }

    /// <summary>A busy connection's slot is free at once; an idle one's is found to be empty when it is popped.</summary>
    private void OnClosed(Http1Connection connection, bool idle)
    {
        _counts.Closed();
        Interlocked.Decrement(ref _open);
        if (!idle)
        {
            Free(connection.Slot);
        }
    }

    private async ValueTask<Stream> OpenAsync(CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // The name is resolved for every connection, and its addresses are tried in turn.
            await socket.ConnectAsync(_address.Host.Trim('[', ']'), _address.Port, cancellation);
            var plain = new NetworkStream(socket, ownsSocket: true);
            if (_tls is null)
            {
                return plain;
            }

            var secure = new SslStream(plain, leaveInnerStreamOpen: false);
            try
            {
                await secure.AuthenticateAsClientAsync(_tls, cancellation);
                return secure;
            }
            catch
            {
                await secure.DisposeAsync();
                throw;
            }
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _clock.TimestampFrequency);
}
