using System.Net;
using System.Net.Sockets;
using Gateway.Core.Connecting;
using Gateway.Upstream;
using Gateway.Upstream.Http2;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>One loop's connections to one endpoint. The newest idle one is used first, so that the others can grow old and close.</summary>
internal sealed class BackendPool(ProxyLoop loop, EndpointConnections counts)
{
    /// <summary>An idle time that every connection is within.</summary>
    public const long HoweverIdle = long.MaxValue;

    /// <summary>What the backend says of how long it keeps idle connections is undercut by this.</summary>
    private const int KeepAliveMarginMilliseconds = 1000;

    private BackendConnection? _newest;
    private bool _retired;

    public EndpointConnections Counts => counts;

    public ProxyLoop Loop => loop;

    /// <summary>The newest idle connection; null when there is none that was idle for so short a time.</summary>
    /// <param name="idleAtMost">Milliseconds; negative: none will do.</param>
    /// <param name="policy">One whose TLS was set up by other settings is closed.</param>
    public BackendConnection? TryTakeIdle(long idleAtMost, ConnectionPolicy policy)
    {
        while (_newest is { } connection && idleAtMost >= 0 && (idleAtMost == HoweverIdle || loop.Wire.Now - connection.IdleSince <= idleAtMost))
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

    /// <summary>Closes the connection that was idle for longest, if there is one, to make room.</summary>
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

    /// <summary>Begins a connection for an attempt, in a place that was reserved for it.</summary>
    public BackendConnection Connect(ReadOnlySpan<byte> address, ConnectionPolicy policy)
    {
        var connection = new BackendConnection(this);
        connection.Connect(address, policy);
        return connection;
    }

    /// <summary>Begins a stream for an attempt, on a connection that all loops share.</summary>
    public BackendConnection Open(Http2Stream stream)
    {
        var connection = new BackendConnection(this);
        connection.Open(stream);
        return connection;
    }

    /// <summary>The same with TLS. The connector resolves the endpoint's name and tries its addresses, within the connect timeout.</summary>
    /// <param name="greeting">What is sent before the handshake; null: nothing.</param>
    public BackendConnection ConnectSecurely(ConnectionPolicy policy, byte[]? greeting)
    {
        var (address, context) = (counts.Cell.Id.Address, loop.Context);
        var connector = new BackendConnector(address, policy.ConnectTimeout, context.Clock, context.Backends.Tls.For(address, policy.Tls, policy.Protocol), greeting: greeting);
        var connection = new BackendConnection(this);
        connection.Connect(cancellation => TlsConnection.ConnectAsync(connector, context.Clock, cancellation), policy);
        return connection;
    }

    /// <summary>The addresses of the endpoint's name, none where it has none. It is resolved off the loop, for each connection anew.</summary>
    /// <param name="resolved">Called on the loop.</param>
    /// <param name="limit">After which it has none; null: whoever asks has a limit of its own.</param>
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
            // A name that does not resolve, or cannot be one, is a failed connect.
        }

        loop.Wire.Post(() => resolved(addresses));
    }

    /// <summary>Takes a connection back whose exchange ended cleanly.</summary>
    /// <param name="keptFor">Milliseconds for which the backend says it keeps it; negative: it does not say.</param>
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

    /// <summary>Joins the line for a connection of this endpoint.</summary>
    /// <param name="asksOthers">Another loop has one idle, which is better than a new one.</param>
    public void Join(ConnectionWait wait, int most, bool asksOthers)
    {
        counts.Join(wait, most, offers: !asksOthers);
        if (counts.Idle > 0)
        {
            loop.Context.Backends.Connections.AskOthers(loop, counts.Cell);
        }
        else if (asksOthers)
        {
            counts.Offer();
        }
    }

    /// <summary>Others wait: an idle connection of this loop goes to the first of them; without one they get what room there is.</summary>
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
            connection.Close(); // A TLS session stays on its loop, and one that names a client is made for it: the place alone is handed over.
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
            wait.Grant(); // It has ended on the way; its place is still there.
            return;
        }

        var connection = new BackendConnection(this);
        connection.Adopt(channel, lifetimeLeft, policy);
        if (!wait.Exchange.OnConnection(wait.Attempt, connection))
        {
            Return(connection, policy, -1);
        }
    }

    /// <summary>Takes an idle connection out of the list.</summary>
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

    /// <summary>Idle connections close now, the others when they are returned.</summary>
    public void Retire()
    {
        _retired = true;
        while (_newest is { } idle)
        {
            idle.CloseIdle();
        }
    }
}
