namespace Gateway.Wire;

/// <summary>
/// A connection of an epoll loop. It watches for input and the peer's end from the start, for output only while bytes are buffered, and for nothing
/// while paused: a plain exchange changes no interest. One receive per event; level-triggered events bring the rest in the next turn.
/// </summary>
internal sealed unsafe partial class EpollChannel(EventLoop loop, EpollSource source) : Channel(loop), IPollTarget
{
    private const int MaxVectors = 16;

    private ByteChain _backlog;
    private int _descriptor = -1;
    private ulong _token;
    private Readiness _interest;
    private bool _registered;
    private bool _connecting;
    private bool _paused;
    private bool _ended;
    private bool _endSending;
    private bool _closed;
    private int _failure;

    public override int Backlog => _backlog.Length;

    public override int Untaken => Backlog + (_closed ? 0 : Sockets.Unacknowledged(_descriptor));

    public override bool IsClosed => _closed;

    private Readiness Wanted =>
        (_paused || _ended || _connecting ? Readiness.None : Readiness.Input | Readiness.PeerEnd) |
        (_connecting || !_backlog.IsEmpty ? Readiness.Output : Readiness.None);

    public void Begin(int descriptor)
    {
        _descriptor = descriptor;
        _token = Loop.Register(this);
        _registered = true;
        Loop.Opened();
        _interest = Wanted;
        if (!source.Poller.TryAdd(descriptor, _token, _interest))
        {
            FailLater(Libc.Error);
        }
    }

    public void BeginConnect(ReadOnlySpan<byte> address)
    {
        var descriptor = Sockets.Open(address);
        if (descriptor < 0)
        {
            Loop.Opened(); // Its end is counted, too.
            FailLater(Libc.Error);
            return;
        }

        int result;
        fixed (byte* at = address)
        {
            result = Libc.Connect(descriptor, at, (uint)address.Length);
        }

        var error = result == 0 ? 0 : Libc.Error;
        _connecting = true;
        Begin(descriptor);
        if (error is not (0 or Libc.InProgress))
        {
            FailLater(error);
        }
    }

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

        if ((ready & Readiness.Output) != 0 && !_backlog.IsEmpty)
        {
            Flush();
            if (_closed)
            {
                return;
            }
        }

        if ((ready & ~Readiness.Output) != 0)
        {
            Receive(ready);
        }
    }

    public override void Pause()
    {
        if (!_paused)
        {
            _paused = true;
            Watch();
        }
    }

    public override void Resume()
    {
        if (_paused)
        {
            _paused = false;
            Watch();
        }
    }

    public override void Close()
    {
        if (!_closed)
        {
            _closed = true;
            _backlog.Clear(Loop.Blocks);
            Loop.Wheel.Remove(this);
            Loop.CloseLater(this);
        }
    }

    public override void Reset()
    {
        if (!_closed && _descriptor >= 0)
        {
            Sockets.ResetAtClose(_descriptor);
        }

        Close();
    }

    public override void MoveTo(EventLoop target, Action<Channel?> arrived)
    {
        var descriptor = _descriptor;
        source.Poller.Remove(descriptor);
        _descriptor = -1; // The descriptor outlives this channel.
        Close();
        target.Post(() => arrived(target.Adopt(descriptor)));
    }

    internal override void Abandon() => Fail(Libc.Aborted);

    internal override void Release()
    {
        if (_registered)
        {
            Loop.Unregister(_token);
        }

        if (_descriptor >= 0)
        {
            _ = Libc.Close(_descriptor);
        }

        _descriptor = -1;
    }

    private void Receive(Readiness ready)
    {
        if (_paused || _ended)
        {
            // Only an error or the end of both directions is reported here, repeatedly.
            if (_ended)
            {
                Fail(TakeError());
            }
            else
            {
                source.Poller.Remove(_descriptor);
                _interest = Readiness.Error; // Added again and read on resumption.
            }

            return;
        }

        var received = Libc.Receive(_descriptor, source.ReceiveBuffer, EventLoop.ReceiveSize, 0);
        if (received > 0)
        {
            Handler.OnReceived(new ReadOnlySpan<byte>(source.ReceiveBuffer, (int)received));
        }
        else if (received == 0)
        {
            OnPeerEnd();
        }
        else if (Libc.Error is var error and not (Libc.TryAgain or Libc.Interrupted))
        {
            Fail(error);
        }
        else if ((ready & (Readiness.Error | Readiness.HangUp)) != 0 && (ready & Readiness.Input) == 0)
        {
            Fail(TakeError());
        }
    }

    private void OnPeerEnd()
    {
        if (_failure != 0)
        {
            Fail(_failure); // A send met the reset and consumed it.
            return;
        }

        _ended = true;
        Watch();
        Handler.OnEnd();
    }

    private void FinishConnect()
    {
        if (TakeError() is var error and not 0)
        {
            Fail(error);
            return;
        }

        _connecting = false;
        Handler.OnConnected();
        if (!_closed && !_backlog.IsEmpty)
        {
            Flush();
        }
        else if (_endSending)
        {
            EndSending();
        }

        if (!_closed)
        {
            Watch();
        }
    }

    /// <summary>Returns the error that broke it; a connect that failed at once, or a failed send, leaves none on the socket.</summary>
    private int TakeError() => _failure != 0 ? _failure : Sockets.TakeError(_descriptor);

    private void Watch()
    {
        if (_closed || !_registered)
        {
            return;
        }

        var wanted = Wanted;
        if (_interest == Readiness.Error)
        {
            source.Poller.TryAdd(_descriptor, _token, wanted);
        }
        else if (wanted != _interest)
        {
            source.Poller.Modify(_descriptor, _token, wanted);
        }

        _interest = wanted;
    }

    private void Fail(int error)
    {
        if (!_closed)
        {
            Close();
            Handler.OnClosed(error);
        }
    }

    private void FailLater(int error)
    {
        _failure = error;
        Loop.Post(() => Fail(error));
    }
}
