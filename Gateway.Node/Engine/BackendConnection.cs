using Gateway.Core.Connecting;
using Gateway.Http;
using Gateway.Upstream.Http2;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>
/// A connection to a backend: parses the heads of answers and passes the bytes on. It is connecting, busy with an exchange, draining an unwanted answer, or
/// idle in its pool; its place is released once, when it closes. A stream of an HTTP/2 connection serves one exchange and has no place: HTTP/2 connections are
/// made and counted elsewhere.
/// </summary>
internal sealed partial class BackendConnection(BackendPool pool) : IChannelHandler
{
    /// <summary>The most bytes of a discarded answer read to keep the connection, and the time limit for that.</summary>
    private const int MaxDrained = 16 * 1024;

    private const int DrainMilliseconds = 1000;

    /// <summary>The error number of a connect that timed out.</summary>
    public const int ConnectTimedOut = 110;

    private Channel _channel = null!;
    private ConnectionPolicy _policy = ConnectionPolicy.Default;
    private Http2Stream? _stream;
    private TlsPolicy? _tls;
    private IBackendUser? _user;
    private Block? _stash;
    private BodyReader _drained;
    private bool _draining;
    private bool _headDone;

    public Channel Channel => _channel;

    public BackendPool Pool => pool;

    /// <summary>Whether it is a stream of an HTTP/2 connection.</summary>
    public bool IsStream => _stream is not null;

    /// <summary>Whether it is still connecting.</summary>
    public bool IsConnecting { get; private set; }

    /// <summary>Whether an exchange has used it before.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>Whether any byte of the current answer has been received.</summary>
    public bool HasReceived { get; private set; }

    public bool IsIdle { get; set; }

    public long IdleSince { get; set; }

    public long ExpiresAt { get; private set; }

    public BackendConnection? NextIdle { get; set; }

    public BackendConnection? PreviousIdle { get; set; }

    public long Deadline
    {
        set => _channel.Deadline = value;
    }

    public void Connect(ReadOnlySpan<byte> address, ConnectionPolicy policy)
    {
        BeginToConnect(policy);
        _channel = pool.Loop.Wire.Connect(address, this);
        Deadline = pool.Loop.Wire.Now + Math.Max(1, (long)policy.ConnectTimeout.TotalMilliseconds);
    }

    /// <summary>Connects by other means than a socket of the loop.</summary>
    /// <param name="connect">Runs off the loop, and ends within the connect timeout.</param>
    public void Connect(Func<CancellationToken, Task<PipeConnection>> connect, ConnectionPolicy policy)
    {
        BeginToConnect(policy);
        _channel = pool.Loop.Wire.Connect(connect, this);
    }

    /// <summary>Waits for the stream's connection. The time limit is up to the code that connects.</summary>
    public void Open(Http2Stream stream)
    {
        (_stream, IsConnecting) = (stream, true);
        _channel = pool.Loop.Wire.Connect(
            async cancellation => new PipeConnection(await stream.OpenAsync(cancellation), _ => stream.Close()), this);
    }

    /// <summary>Takes over a connection that another loop has given up.</summary>
    public void Adopt(Channel channel, long lifetimeLeft, ConnectionPolicy policy)
    {
        (_policy, IsUsed) = (policy, true);
        ExpiresAt = pool.Loop.Wire.Now + lifetimeLeft;
        _channel = channel;
        _channel.Handler = this;
    }

    /// <summary>Whether its TLS session was set up with the TLS settings of this policy.</summary>
    public bool IsSecuredBy(ConnectionPolicy policy) => policy.Tls == _tls;

    /// <summary>Moves the connection to another loop; its place stays taken.</summary>
    public void MoveTo(EventLoop target, Action<Channel?> arrived) => _channel.MoveTo(target, arrived);

    /// <summary>Assigns the connection to a user.</summary>
    public void Begin(IBackendUser user) => (_user, _headDone, HasReceived) = (user, false, false);

    /// <summary>Called when the exchange is over and the connection is reusable.</summary>
    /// <param name="keptFor">The keep-alive time stated by the backend, in milliseconds; negative: not stated.</param>
    public void Return(ConnectionPolicy policy, long keptFor)
    {
        (_user, IsUsed) = (null, true);
        if (_channel.Backlog > 0 || _channel.HasUnread || _stash is not null || IsStream || _policy.ProxyProtocol != BackendProxyProtocol.Off)
        {
            CloseReleasing();
            return;
        }

        _channel.Resume();
        pool.Return(this, policy, keptFor);
    }

    /// <summary>Discards the rest of an answer: if it is short and arrives soon it is read, so that the connection can be kept.</summary>
    public void Drain(BodyReader rest, ReadOnlySpan<byte> received, ConnectionPolicy policy)
    {
        if (IsStream)
        {
            CloseReleasing(); // Closing a stream costs no connection.
            return;
        }

        (_user, _draining, _drained, _policy) = (null, true, rest, policy);
        Deadline = pool.Loop.Wire.Now + DrainMilliseconds;
        TakeDrained(received);
    }

    /// <summary>Closes it and releases its place.</summary>
    public void CloseReleasing()
    {
        Close();
        if (!IsStream)
        {
            pool.Counts.Release();
        }
    }

    /// <summary>Closes it and releases its place after an attempt that failed or was given up.</summary>
    /// <param name="waited">The time spent waiting for the answer.</param>
    public void GiveUp(TimeSpan waited)
    {
        _stream?.GiveUp(waited);
        CloseReleasing();
    }

    /// <summary>Closes it; its place stays taken, for another connection.</summary>
    public void Close()
    {
        _user = null;
        FreeStash();
        _channel.Close();
    }

    public void CloseIdle()
    {
        pool.Unlink(this);
        CloseReleasing();
    }

    public void OnConnected()
    {
        (IsConnecting, Deadline) = (false, 0);
        if (!IsStream)
        {
            pool.Counts.Connected();
        }

        if (_user is { } user)
        {
            user.OnConnected();
        }
        else
        {
            Return(_policy, -1); // Its exchange has gone; being new, it can serve another.
        }
    }

    public void OnDrained() => _user?.OnRequestDrained();

    public void OnEnd() => Ended(0);

    public void OnClosed(int error) => Ended(error);

    public void OnDeadline()
    {
        if (IsIdle)
        {
            CloseIdle();
        }
        else if (_draining)
        {
            CloseReleasing();
        }
        else if (IsConnecting)
        {
            Ended(ConnectTimedOut);
        }
        else
        {
            _user?.OnBackendDeadline();
        }
    }

    private void BeginToConnect(ConnectionPolicy policy)
    {
        (_policy, _tls, IsConnecting) = (policy, policy.Tls, true);
        ExpiresAt = pool.Loop.Wire.Now + (long)(policy.MaxLifetime.TotalMilliseconds * (0.9 + (0.1 * RequestRandom.NextUnit())));
    }

    private void Ended(int error)
    {
        if (IsIdle)
        {
            CloseIdle();
        }
        else if (_user is { } user)
        {
            if (IsConnecting)
            {
                user.OnNotConnected(error);
            }
            else if (_stream?.Fault is { } fault)
            {
                user.OnStreamEnded(fault);
            }
            else
            {
                user.OnBackendEnded(error);
            }
        }
        else
        {
            CloseReleasing();
        }
    }
}
