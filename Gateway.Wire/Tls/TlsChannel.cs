namespace Gateway.Wire.Tls;

/// <summary>
/// A server's TLS session over another channel of its loop. Input is decrypted and passed on, output is encrypted and sent; nothing leaves the loop.
/// <code>
/// shaking hands -done: OnConnected-> established -peer's end: OnEnd-> ended        any -Close, Reset, or broken: OnClosed-> closed
/// </code>
/// OpenSSL's session is freed when the channel closes, and its handle is then zero. It is never called from within its callbacks.
/// </summary>
public sealed unsafe partial class TlsChannel : Channel, IChannelHandler
{
    private readonly Channel _inner;
    private readonly TlsBuffers _buffers;
    private ITlsPolicy? _policy;
    private nint _session;

    /// <summary>Input received while the channel was paused, still encrypted.</summary>
    private ByteChain _held;

    private bool _isDeliveryPosted;
    private bool _isEstablished;
    private bool _isBroken;
    private bool _paused;
    private bool _ended;
    private bool _isCutShort;
    private bool _closeNotifySent;
    private bool _isEndPending;
    private bool _waitsForTurn;
    private bool _hasSigned;
    private bool _isNearlyDone;
    private bool _closed;

    /// <param name="inner">The channel beneath: this one becomes its handler.</param>
    /// <param name="origin">The session's context until the policy has chosen.</param>
    /// <param name="policy">Decides for the handshake.</param>
    /// <param name="buffers">Its loop's.</param>
    public TlsChannel(Channel inner, TlsContext origin, ITlsPolicy policy, TlsBuffers buffers)
        : base(inner.Loop)
    {
        (_inner, _policy, _buffers) = (inner, policy, buffers);
        LibSsl.ClearErrors();
        var bio = buffers.NewBio();
        try
        {
            _session = bio == 0 ? 0 : LibSsl.New(origin);
        }
        finally
        {
            if (_session == 0)
            {
                _ = LibSsl.FreeBio(bio); // The context may be disposed, which is thrown.
            }
        }

        if (_session == 0)
        {
            throw new TlsException(LibSsl.FirstReasonText);
        }

        buffers.Sessions++;
        LibSsl.SetBio(_session, bio, bio);
        LibSsl.SetAcceptState(_session);
        inner.Deadline = 0;
        inner.Handler = this;
    }

    /// <summary>Why there is no session; none until the handshake fails.</summary>
    public TlsFailure Failure { get; private set; }

    /// <summary>The failure in OpenSSL's words.</summary>
    public string FailureText { get; private set; } = "";

    /// <summary>Whether the session uses TLS 1.3, otherwise 1.2. Valid once it is established.</summary>
    public bool IsTls13 { get; private set; }

    /// <summary>Whether HTTP/2 was negotiated.</summary>
    public bool IsHttp2 { get; private set; }

    /// <summary>Whether it resumes an earlier session.</summary>
    public bool IsResumed { get; private set; }

    public override int Backlog => _inner.Backlog;

    public override int Untaken => _inner.Untaken;

    public override bool IsClosed => _closed;

    /// <summary>Whether anything was received from the peer.</summary>
    public bool HasReceived { get; private set; }

    public override bool HasUnread => !_held.IsEmpty || _isEndPending || _inner.HasUnread;

    public override bool IsCutShort => _isCutShort;

    /// <summary>Begins with input received before this channel existed; may be empty.</summary>
    public void Begin(ReadOnlySpan<byte> received)
    {
        if (!received.IsEmpty)
        {
            Take(received);
        }
    }

    public override void Pause()
    {
        _paused = true;
        _inner.Pause();
    }

    public override void Resume()
    {
        if (_paused)
        {
            _paused = false;
            ContinueReceiving();
        }
    }

    public override void EndSending()
    {
        SendCloseNotify();
        _inner.EndSending();
    }

    public override void Close()
    {
        if (_closed)
        {
            return;
        }

        var isCut = _inner.Backlog > 0;
        if (!isCut)
        {
            SendCloseNotify();
        }

        End();
        if (isCut)
        {
            _inner.Reset();
        }
        else
        {
            _inner.Close();
        }
    }

    public override void Reset()
    {
        if (!_closed)
        {
            End();
            _inner.Reset();
        }
    }

    /// <summary>A session cannot move: it ends.</summary>
    public override void MoveTo(EventLoop target, Action<Channel?> arrived)
    {
        Close();
        target.Post(() => arrived(null));
    }

    internal override void Abandon() => Fail(Libc.Aborted);

    internal override void Release()
    {
        // The inner channel is released separately.
    }

    void IChannelHandler.OnConnected()
    {
    }

    void IChannelHandler.OnReceived(ReadOnlySpan<byte> bytes) => Take(bytes);

    void IChannelHandler.OnDrained()
    {
        if (!_closed && _isEstablished)
        {
            Handler.OnDrained(); // Also for OpenSSL's own output: it is part of the backlog that the owner sees.
        }
    }

    void IChannelHandler.OnEnd()
    {
        if (_closed || _ended)
        {
            return;
        }

        if (!_isEstablished)
        {
            (Failure, FailureText) = (TlsFailure.Closed, "the client closed the connection");
            Fail(0);
            return;
        }

        (_ended, _isCutShort) = (true, true);
        Handler.OnEnd();
    }

    void IChannelHandler.OnClosed(int error)
    {
        if (!_closed)
        {
            if (!_isEstablished)
            {
                (Failure, FailureText) = (TlsFailure.Closed, "the connection broke");
            }

            Fail(error);
        }
    }

    void IChannelHandler.OnDeadline()
    {
        // This channel has its own deadlines.
    }

    /// <summary>Sends close_notify, unless it was sent or nothing can be.</summary>
    private void SendCloseNotify()
    {
        if (!_closed && _isEstablished && !_isBroken && !_closeNotifySent)
        {
            _closeNotifySent = true;
            LibSsl.ClearErrors();
            _buffers.SetInput(null, null);
            _ = LibSsl.Shutdown(_session);
            Flush();
        }
    }

    private void Fail(int error)
    {
        if (!_closed)
        {
            End();
            _inner.Close();
            Handler.OnClosed(error);
        }
    }

    /// <summary>Frees everything of OpenSSL's.</summary>
    private void End()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        LibSsl.Free(_session);
        (_session, _policy) = (0, null);
        _buffers.Sessions--;
        _held.Clear(Loop.Blocks);
        Loop.Wheel.Remove(this);
    }
}
