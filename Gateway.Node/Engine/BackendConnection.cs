using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Proxying;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>
/// A connection to a backend: parses the heads of answers and says whose bytes come. It is connecting, busy with an exchange, draining an answer that
/// nobody wants, or idle in its pool; its place is released once, when it closes.
/// </summary>
internal sealed partial class BackendConnection(BackendPool pool) : IChannelHandler
{
    /// <summary>How much of a discarded answer is read to keep the connection, and how long that may take.</summary>
    private const int MostDrained = 16 * 1024;

    private const int DrainMilliseconds = 1000;

    private Channel _channel = null!;
    private ConnectionPolicy _policy = ConnectionPolicy.Default;
    private Exchange? _exchange;
    private Block? _stash;
    private BodyReader _drained;
    private bool _draining;
    private bool _headDone;

    public Channel Channel => _channel;

    public BackendPool Pool => pool;

    /// <summary>Whether it has yet to come about.</summary>
    public bool IsConnecting { get; private set; }

    /// <summary>Whether an exchange has used it before.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>Whether any byte of the answer under way has come.</summary>
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
        (_policy, IsConnecting) = (policy, true);
        var now = pool.Loop.Wire.Now;
        ExpiresAt = now + (long)(policy.MaxLifetime.TotalMilliseconds * (0.9 + (0.1 * RequestRandom.NextUnit())));
        _channel = pool.Loop.Wire.Connect(address, this);
        Deadline = now + Math.Max(1, (long)policy.ConnectTimeout.TotalMilliseconds);
    }

    /// <summary>Goes on with a connection that another loop has given up.</summary>
    public void Adopt(Channel channel, long lifetimeLeft, ConnectionPolicy policy)
    {
        (_policy, IsUsed) = (policy, true);
        ExpiresAt = pool.Loop.Wire.Now + lifetimeLeft;
        _channel = channel;
        _channel.Handler = this;
    }

    /// <summary>Takes the connection off this loop, for another to go on with; its place stays taken.</summary>
    public void MoveTo(EventLoop target, Action<Channel?> arrived) => _channel.MoveTo(target, arrived);

    /// <summary>From here on it is about this exchange.</summary>
    public void Begin(Exchange exchange) => (_exchange, _headDone, HasReceived) = (exchange, false, false);

    /// <summary>The exchange is over and left the connection as it was: it may serve another.</summary>
    /// <param name="keptFor">Milliseconds for which the backend says it keeps it; negative: it does not say.</param>
    public void Return(ConnectionPolicy policy, long keptFor)
    {
        (_exchange, IsUsed) = (null, true);
        if (_channel.Backlog > 0 || _stash is not null)
        {
            CloseReleasing();
            return;
        }

        _channel.Resume();
        pool.Return(this, policy, keptFor);
    }

    /// <summary>The exchange has no use for this answer: what is little and comes soon is read, so that the connection can be kept.</summary>
    public void Drain(BodyReader rest, ReadOnlySpan<byte> received, ConnectionPolicy policy)
    {
        (_exchange, _draining, _drained, _policy) = (null, true, rest, policy);
        Deadline = pool.Loop.Wire.Now + DrainMilliseconds;
        TakeDrained(received);
    }

    /// <summary>Closes it and gives its place back.</summary>
    public void CloseReleasing()
    {
        _exchange = null;
        FreeStash();
        _channel.Close();
        pool.Counts.Release();
    }

    public void CloseIdle()
    {
        pool.Unlink(this);
        CloseReleasing();
    }

    public void OnConnected()
    {
        (IsConnecting, Deadline) = (false, 0);
        pool.Counts.Connected();
        if (_exchange is { } exchange)
        {
            exchange.OnConnected();
        }
        else
        {
            Return(_policy, -1); // Whoever it was made for has left; it is new, and will do for another.
        }
    }

    public void OnDrained() => _exchange?.OnRequestDrained();

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
            Ended(Exchange.ConnectTimedOut);
        }
    }

    private void Ended(int error)
    {
        if (IsIdle)
        {
            CloseIdle();
        }
        else if (_exchange is { } exchange)
        {
            if (IsConnecting)
            {
                exchange.OnNotConnected(error);
            }
            else
            {
                exchange.OnBackendEnded(error);
            }
        }
        else
        {
            CloseReleasing();
        }
    }
}
