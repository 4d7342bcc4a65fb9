using Gateway.Wire;

namespace Gateway.Fuzz.Engine;

/// <summary>
/// A connection to a <see cref="FarEnd"/> that behaves like a socket on an epoll loop: level-triggered, one packet per event; data received before a reset is
/// read first; sending on a reset connection fails silently, and the next event reports it.
/// </summary>
internal sealed class ScriptedChannel : Channel, IPollTarget
{
    private const int BrokenPipe = 32;
    private const int Aborted = 103;
    private const int ResetByPeer = 104;

    private readonly ScriptedSource _source;
    private readonly FarEnd _far;
    private ByteChain _backlog;
    private bool _connecting;
    private bool _paused;
    private bool _ended;
    private bool _endSending;
    private bool _closed;
    private int _failure;

    public ScriptedChannel(EventLoop loop, ScriptedSource source, FarEnd far)
        : base(loop)
    {
        (_source, _far, _connecting) = (source, far, !far.IsConnected);
        far.Channel = this;
        loop.Opened();
    }

    public override int Backlog => _backlog.Length;

    public override bool IsClosed => _closed;

    /// <summary>Whether an event is pending.</summary>
    public bool IsReady =>
        _connecting ? _far.IsConnected || _far.ConnectError != 0
        : CanFlush || (_ended ? _far.HasReset || _far.GotEnd : !_paused && (_far.Sent.Count > 0 || _far.HasReset || _far.HasEnded || _failure != 0));

    private bool CanFlush => !_backlog.IsEmpty && (_far.Room > 0 || _far.HasReset);

    public void OnReady(Readiness ready)
    {
        if (_closed)
        {
            return;
        }

        if (_connecting)
        {
            FinishConnect();
            return;
        }

        if (CanFlush)
        {
            Flush();
        }

        if (!_closed && IsReady)
        {
            Receive();
        }
    }

    public override bool Send(ReadOnlySpan<byte> bytes)
    {
        if (_closed || _failure != 0 || bytes.IsEmpty)
        {
            return _backlog.IsEmpty;
        }

        if (_connecting || !_backlog.IsEmpty)
        {
            _backlog.Append(Loop.Blocks, bytes);
            return false;
        }

        var taken = Give(bytes);
        if (taken < bytes.Length && _failure == 0)
        {
            _backlog.Append(Loop.Blocks, bytes[taken..]);
            return false;
        }

        return true;
    }

    public override bool Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => Send(first) & Send(second);

    public override void Pause() => _paused = true;

    public override void Resume() => _paused = false;

    public override void EndSending()
    {
        _endSending = true;
        if (_backlog.IsEmpty && !_connecting && !_closed && _failure == 0)
        {
            _far.GotEnd = true;
        }
    }

    public override void Close()
    {
        if (!_closed)
        {
            _far.GotReset |= _far.Sent.Count > 0; // Like the system when data was not read.
            Leave();
        }
    }

    public override void Reset()
    {
        if (!_closed)
        {
            _far.GotReset = true;
            Leave();
        }
    }

    public override void MoveTo(EventLoop target, Action<Channel?> arrived)
    {
        var source = _source.Other!;
        Leave();
        target.Post(() => arrived(source.Adopt(_far)));
    }

    internal override void Abandon() => Fail(Aborted);

    internal override void Release()
    {
    }

    private void Leave()
    {
        _far.Tell(_far.GotReset ? "was reset" : "was closed");
        _closed = true;
        _backlog.Clear(Loop.Blocks);
        Loop.Wheel.Remove(this);
        Loop.CloseLater(this);
        _source.Open.Remove(this);
    }

    private int Give(ReadOnlySpan<byte> bytes)
    {
        if (_far.HasReset)
        {
            _failure = BrokenPipe;
            return 0;
        }

        var taken = Math.Min(_far.Room, bytes.Length);
        _far.Room -= _far.Room == FarEnd.Boundless ? 0 : taken;
        _far.Get(bytes[..taken]);
        return taken;
    }

    private void Flush()
    {
        while (_backlog.First is { } block)
        {
            var taken = Give(block.Used);
            if (_failure != 0)
            {
                _backlog.Clear(Loop.Blocks);
                return;
            }

            _backlog.Consume(Loop.Blocks, taken);
            if (_far.Room == 0 && !_backlog.IsEmpty)
            {
                return;
            }
        }

        _far.GotEnd |= _endSending;
        Handler.OnDrained();
    }

    private void Receive()
    {
        if (_ended)
        {
            Fail(_far.HasReset ? ResetByPeer : 0); // Both directions are closed.
        }
        else if (_far.Sent.TryDequeue(out var packet))
        {
            _far.Tell("sent", packet);
            _far.OnDelivered?.Invoke(packet);
            try
            {
                Handler.OnReceived(_source.Lend(packet));
            }
            finally
            {
                _source.TakeBack(packet.Length);
            }
        }
        else if (_failure != 0 || _far.HasReset)
        {
            Fail(_failure != 0 ? _failure : ResetByPeer);
        }
        else
        {
            _ended = true;
            _far.Tell("ended");
            Handler.OnEnd();
        }
    }

    private void FinishConnect()
    {
        if (_far.ConnectError != 0)
        {
            Fail(_far.ConnectError);
            return;
        }

        _connecting = false;
        _far.Tell("connected");
        Handler.OnConnected();
        if (!_closed && !_backlog.IsEmpty)
        {
            Flush();
        }
        else if (_endSending)
        {
            EndSending();
        }
    }

    private void Fail(int error)
    {
        if (!_closed)
        {
            _far.Tell($"failed: {error}");
            Close();
            Handler.OnClosed(error);
        }
    }
}
