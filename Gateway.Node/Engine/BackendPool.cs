using System.Net;
using System.Net.Sockets;
using Gateway.Core.Connecting;
using Gateway.Upstream;
using Gateway.Upstream.Http2;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>One loop's connections to one endpoint. The newest idle one is used first, so that the others can age and close.</summary>
internal sealed class BackendPool(ProxyLoop loop, EndpointConnections counts)
{
    /// <summary>An idle time that no connection exceeds.</summary>
    public const long AnyIdleTime = long.MaxValue;

    /// <summary>Idle connections are closed this long before the keep-alive time stated by the backend.</summary>
    private const int KeepAliveMarginMilliseconds = 1000;

    private BackendConnection? _newest;
    private bool _retired;

    public EndpointConnections Counts => counts;

    public ProxyLoop Loop => loop;

    /// <summary>Takes the newest idle connection; null if none was idle for at most that long.</summary>
    /// <param name="idleAtMost">In milliseconds; negative: none qualifies.</param>
    /// <param name="policy">A connection whose TLS was set up with other settings is closed.</param>
    public BackendConnection? TryTakeIdle(long idleAtMost, ConnectionPolicy policy)
    {
        while (_newest is { } connection && idleAtMost >= 0 && (idleAtMost == AnyIdleTime || loop.Wire.Now - connection.IdleSince <= idleAtMost))
        {
            Unlink(connection);
            connection.Deadline = 0;
            if (!counts.IsTls || connection.IsSecuredBy(policy))
            {
                return connection;
            }

            connection.CloseReleasing();
        }

        return null;
    }

    /// <summary>Closes the connection that was idle longest, if any, to make room.</summary>
    public bool CloseOldest()
    {
        if (_newest is not { } oldest)
        {
            return false;
        }

        while (oldest.NextIdle is { } older)
        {
            oldest = older;
        }

        oldest.CloseIdle();
        return true;
    }

    /// <summary>Begins a connection for an attempt, in a place reserved for it.</summary>
    public BackendConnection Connect(ReadOnlySpan<byte> address, ConnectionPolicy policy)
    {
        var connection = new BackendConnection(this);
        connection.Connect(address, policy);
        return connection;
    }

    /// <summary>Begins a stream for an attempt, on a connection shared by all loops.</summary>
    public BackendConnection Open(Http2Stream stream)
    {
        var connection = new BackendConnection(this);
        connection.Open(stream);
        return connection;
    }

    /// <summary>
    /// Begins a TLS connection for an attempt. The connector resolves the endpoint's name and tries its addresses, within the connect timeout.
    /// </summary>
    /// <param name="greeting">Sent before the handshake; null: nothing.</param>
    public BackendConnection ConnectSecurely(ConnectionPolicy policy, byte[]? greeting)
    {
        var (address, context) = (counts.Cell.Id.Address, loop.Context);
        var connector = new BackendConnector(address, policy.ConnectTimeout, context.Clock, context.Backends.Tls.For(address, policy.Tls, policy.Protocol), greeting: greeting);
        var connection = new BackendConnection(this);
        connection.Connect(cancellation => TlsConnection.ConnectAsync(connector, context.Clock, cancellation), policy);
        return connection;
    }

    /// <summary>Resolves the endpoint's name, off the loop, for each connection. No addresses if that fails.</summary>
    /// <param name="resolved">Called on the loop.</param>
    /// <param name="limit">The time limit; null: the caller has its own.</param>
    public async Task ResolveAsync(Action<byte[][]> resolved, TimeSpan? limit = null)
    {
        var address = counts.Cell.Id.Address;
        byte[][] addresses = [];
        try
        {
            var found = await Dns.GetHostAddressesAsync(address.Host).WaitAsync(limit ?? Timeout.InfiniteTimeSpan, loop.Context.Clock).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            addresses = [.. found.Select(each => EndpointConnections.AddressOf(each, address.Port))];
        }
        catch (Exception error) when (error is SocketException or ArgumentException or TimeoutException)
        {
            // A name that does not resolve, or is not valid, is a failed connect.
        }

        loop.Wire.Post(() => resolved(addresses));
    }

    /// <summary>Takes back a connection whose exchange ended cleanly.</summary>
    /// <param name="keptFor">The keep-alive time stated by the backend, in milliseconds; negative: not stated.</param>
    public void Return(BackendConnection connection, ConnectionPolicy policy, long keptFor)
    {
        var now = loop.Wire.Now;
        var idle = (long)policy.IdleTimeout.TotalMilliseconds;
        if (keptFor >= 0)
        {
            idle = Math.Min(idle, keptFor - KeepAliveMarginMilliseconds);
        }

        if (_retired || counts.IsRetired || idle <= 0 || connection.ExpiresAt <= now)
        {
            connection.CloseReleasing();
            return;
        }

        while (counts.TakeFirst() is { } wait)
        {
            if (TryGive(wait, connection, policy))
            {
                return;
            }
        }

        connection.IdleSince = now;
        connection.Deadline = Math.Min(now + idle, connection.ExpiresAt);
        connection.NextIdle = _newest;
        connection.IsIdle = true;
        _newest?.PreviousIdle = connection;
        _newest = connection;
        counts.Idled(1);
    }

    /// <summary>Joins the queue for a connection to this endpoint.</summary>
    /// <param name="asksOthers">Whether another loop has an idle connection, which is better than a new one.</param>
    public void Join(ConnectionWait wait, int max, bool asksOthers)
    {
        counts.Join(wait, max, offers: !asksOthers);
        if (counts.Idle > 0)
        {
            loop.Context.Backends.Connections.AskOthers(loop, counts.Cell);
        }
        else if (asksOthers)
        {
            counts.Offer();
        }
    }

    /// <summary>Serves waiting attempts: the first gets an idle connection of this loop; without one they get any room there is.</summary>
    public void Yield()
    {
        while (_newest is { } idle && counts.TakeFirst() is { } wait)
        {
            Unlink(idle);
            if (!TryGive(wait, idle, wait.Policy))
            {
                Return(idle, wait.Policy, -1);
            }
        }

        counts.Offer();
    }

    private bool TryGive(ConnectionWait wait, BackendConnection connection, ConnectionPolicy policy)
    {
        if (wait.Policy.ProxyProtocol != BackendProxyProtocol.Off || (counts.IsTls && (wait.Loop != loop || !connection.IsSecuredBy(wait.Policy))))
        {
            connection.Close(); // A TLS session stays on its loop, and a greeted connection belongs to its client: only the place moves.
            wait.Grant();
            return true;
        }

        if (wait.Loop == loop)
        {
            connection.Deadline = 0;
            return wait.Exchange.OnConnection(wait.Attempt, connection);
        }

        var left = connection.ExpiresAt - loop.Wire.Now;
        connection.MoveTo(wait.Loop.Wire, channel => wait.Loop.PoolOf(counts.Cell).TakeOver(channel, left, wait, policy));
        return true;
    }

    private void TakeOver(Channel? channel, long lifetimeLeft, ConnectionWait wait, ConnectionPolicy policy)
    {
        if (channel is null)
        {
            wait.Grant(); // It closed on the way; its place is still taken.
            return;
        }

        var connection = new BackendConnection(this);
        connection.Adopt(channel, lifetimeLeft, policy);
        if (!wait.Exchange.OnConnection(wait.Attempt, connection))
        {
            Return(connection, policy, -1);
        }
    }

    /// <summary>Removes an idle connection from the list.</summary>
    public void Unlink(BackendConnection connection)
    {
        if (connection.PreviousIdle is { } newer)
        {
            newer.NextIdle = connection.NextIdle;
        }
        else
        {
            _newest = connection.NextIdle;
        }

        connection.NextIdle?.PreviousIdle = connection.PreviousIdle;
        (connection.NextIdle, connection.PreviousIdle, connection.IsIdle) = (null, null, false);
        counts.Idled(-1);
    }

    /// <summary>Closes idle connections now, the others when they are returned.</summary>
    public void Retire()
    {
        _retired = true;
        while (_newest is { } idle)
        {
            idle.CloseIdle();
        }
    }
}
