namespace Gateway.Wire;

/// <summary>
/// A connection of an io_uring loop. At most one receive and one send are in flight. A receive is submitted at the end of a turn, after the previous data was
/// processed; if it completes while the channel is paused, its data is kept. The descriptor, its token, and the blocks of a send are released when the last
/// operation has completed, however long after the close.
/// </summary>
internal sealed partial class UringChannel(EventLoop loop, UringSource source) : Channel(loop), IPollTarget
{
    private int _descriptor = -1;
    private ulong _token;
    private bool _registered;
    private bool _listed;
    private bool _connecting;
    private bool _connectUnderWay;
    private bool _watched;
    private bool _closed;
    private bool _releasing;
    private bool _released;
    private int _failure;

    public override bool IsClosed => _closed;

    public void Begin(int descriptor)
    {
        _descriptor = descriptor;
        _token = Loop.Register(this);
        _registered = true;
        Loop.Opened();
        List();
    }

    public void BeginConnect(ReadOnlySpan<byte> address)
    {
        var descriptor = Sockets.Open(address);
        _connecting = true;
        if (descriptor < 0)
        {
            Loop.Opened(); // Its end is counted, too.
            FailLater(Libc.Error);
            return;
        }

        Begin(descriptor);
        _connectUnderWay = true;
        source.Connect(descriptor, _token, address);
    }

    /// <summary>Called at the end of the turn: submits the operations wanted since the last.</summary>
    public void Prepare()
    {
        _listed = false;
        if (_connecting || _released)
        {
            return;
        }

        PrepareSend();
        PrepareReceive();
    }

    /// <summary>Handles the completion of an operation.</summary>
    public void OnCompleted(UringOperation operation, in Completion completion)
    {
        switch (operation)
        {
            case UringOperation.Receive:
                OnReceived(completion);
                break;
            case UringOperation.Send:
                OnSent(completion.Result);
                break;
            default:
                OnConnected(completion.Result);
                break;
        }

        TryEnd();
    }

    /// <summary>After the peer's end, handles the end of the connection, which no receive would report any more.</summary>
    void IPollTarget.OnReady(Readiness ready)
    {
        if (!_closed)
        {
            Fail(_failure != 0 ? _failure : Sockets.TakeError(_descriptor));
        }
    }

    public override void Close()
    {
        if (!_closed)
        {
            _closed = true;
            Loop.Wheel.Remove(this);
            Loop.CloseLater(this);
            _held.Clear(Loop.Blocks);
            KeepAcceptedBytes();
        }
    }

    public override void Reset()
    {
        if (!_closed && _descriptor >= 0)
        {
            Sockets.ResetAtClose(_descriptor);
            _isReset = true;
        }

        Close();
    }

    internal override void Abandon() => Fail(Libc.Aborted);

    internal override void Release()
    {
        _releasing = true;
        source.Ending();
        Unwatch();
        if (_connectUnderWay)
        {
            source.Cancel(UringOperation.Connect, _token);
        }

        if (_receiving)
        {
            source.Cancel(UringOperation.Receive, _token);
        }

        ReleaseSending();
        TryEnd();
    }

    private void OnConnected(int result)
    {
        _connectUnderWay = false;
        if (_closed)
        {
            return;
        }

        if (result < 0)
        {
            Fail(-result);
            return;
        }

        _connecting = false;
        List();
        Handler.OnConnected();
        EndSendingIfSent();
    }

    /// <summary>Releases it once the system no longer uses it.</summary>
    private void TryEnd()
    {
        if (!_releasing || _released || _connectUnderWay || _receiving || _sending || !_kept.IsEmpty)
        {
            return;
        }

        _released = true;
        source.Ended();
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

    private void List()
    {
        if (!_listed)
        {
            _listed = true;
            source.List(this);
        }
    }

    private void Unwatch()
    {
        if (_watched)
        {
            _watched = false;
            source.Poller.Remove(_descriptor);
        }
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
