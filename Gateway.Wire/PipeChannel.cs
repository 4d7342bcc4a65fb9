using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;

namespace Gateway.Wire;

/// <summary>
/// A connection over a pair of pipes: a TLS stream, a connection of another server's transport, or an exchange within this process.
/// Only the loop's thread reads and writes the pipes; completions on other threads are posted to it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has neither a timer nor a handle, so there is nothing to dispose of.")]
internal sealed partial class PipeChannel : Channel, IPollTarget
{
    /// <summary>Replaces the connection if the channel was closed before there was one.</summary>
    private static readonly object NotWanted = new();

    private readonly Action _onAsked;
    private readonly Action _onRead;
    private readonly Action _onFlushed;
    private readonly Action _onMoving;
    private readonly ulong _token;
    private PipeConnection? _connection;
    private PipeReader _input = null!;
    private PipeWriter _output = null!;
    private CancellationTokenSource? _connecting;
    private object? _made;
    private ByteChain _backlog;
    private ReadResult _read;
    private FlushResult _flush;
    private PipeCall _reading;
    private PipeCall _flushing;
    private int _unflushed;
    private bool _hasRead;
    private bool _isTakingPart;
    private bool _isBroken;
    private bool _asked;
    private bool _isConnected;
    private bool _paused;
    private bool _ended;
    private bool _endSending;
    private bool _outputEnded;
    private bool _isCut;
    private bool _closed;
    private int _failure;
    private Exception? _cause;

    public PipeChannel(EventLoop loop)
        : base(loop)
    {
        (_onAsked, _onRead, _onFlushed, _onMoving) = (OnAsked, OnRead, OnFlushed, Move);
        _token = loop.Register(this);
        loop.Opened();
    }

    /// <summary>The bytes sent that the other end of the pipe has not read.</summary>
    public override int Backlog => _backlog.Length + _unflushed;

    public override bool IsClosed => _closed;

    public override Exception? Cause => _cause;

    public override bool IsCutShort => _connection is { IsCutShort: true };

    private bool IsOpen => !_closed && _failure == 0;

    /// <summary>Starts on an existing connection. The handler must be set before the next turn.</summary>
    public void Begin(PipeConnection connection)
    {
        (_connection, _input, _output, _isConnected) = (connection, connection.Pipe.Input, connection.Pipe.Output, true);
        AskToReceive();
    }

    /// <summary>Starts a connect. Bytes sent before it completes are buffered.</summary>
    public void BeginConnect(Func<CancellationToken, Task<PipeConnection>> connect)
    {
        _connecting = new CancellationTokenSource();
        _ = ConnectAsync(connect, _connecting.Token);
    }

    public override void Pause() => _paused = true;

    public override void Resume()
    {
        if (_paused)
        {
            _paused = false;
            AskToReceive();
        }
    }

    public override void Close()
    {
        if (!_closed)
        {
            _closed = true;
            _isCut |= Backlog > 0;
            _unflushed = 0;
            _backlog.Clear(Loop.Blocks);
            Loop.Wheel.Remove(this);
            Loop.CloseLater(this);
            if (_connecting is { } connecting)
            {
                End(Interlocked.Exchange(ref _made, NotWanted) as PipeConnection);
                _ = connecting.CancelAsync(); // Not awaited: the listeners are foreign code.
            }
        }
    }

    public override void Reset()
    {
        _isCut |= !_closed;
        Close();
    }

    void IPollTarget.OnReady(Readiness ready)
    {
        if (_closed || _target is not null)
        {
            return;
        }

        switch (ready)
        {
            case Readiness.Output when _isConnected:
                Handler.OnDrained();
                break;
            case Readiness.Output:
                OnConnected();
                break;
            default:
                Receive();
                break;
        }
    }

    internal override void Abandon() => Fail(Libc.Aborted);

    /// <summary>Received data is no longer in use.</summary>
    internal override void Release()
    {
        Loop.Unregister(_token);
        if (_connection is not { } connection)
        {
            return; // A connection still being made is closed when it completes.
        }

        // Cancelled before their release: afterwards, another thread may have completed the pipe, which then allows no cancellation.
        if (_reading.IsPending)
        {
            _input.CancelPendingRead();
        }

        if (_flushing.IsPending)
        {
            _output.CancelPendingFlush();
        }

        if (_reading.TryRelease())
        {
            _input.Complete();
        }

        if (_flushing.TryRelease())
        {
            CompleteOutput(_isCut);
        }

        connection.Close(_isCut);
    }

    private async Task ConnectAsync(Func<CancellationToken, Task<PipeConnection>> connect, CancellationToken given)
    {
        object made;
        try
        {
            made = await Task.Run(() => connect(given), CancellationToken.None);
        }
#pragma warning disable CA1031 // Any exception is the reason why there is no connection, and is reported to the handler.
        catch (Exception error)
#pragma warning restore CA1031
        {
            made = error;
        }

        if (Interlocked.CompareExchange(ref _made, made, null) is null)
        {
            Loop.Post(OnConnectionCreated);
        }
        else
        {
            End(made as PipeConnection);
        }
    }

    /// <summary>Handles the end of the connect.</summary>
    private void OnConnectionCreated()
    {
        if (_closed)
        {
            return;
        }

        _connecting = null;
        if (_made is PipeConnection connection)
        {
            (_connection, _input, _output) = (connection, connection.Pipe.Input, connection.Pipe.Output);
            Loop.Tell(this, Readiness.Output);
        }
        else
        {
            _cause = (Exception)_made!;
            Fail(SocketConnection.NumberOf(_cause));
        }
    }

    private void OnConnected()
    {
        _isConnected = true;
        Handler.OnConnected();
        if (!_closed)
        {
            if (!_flushing.IsPending)
            {
                SendBacklog();
            }

            EndOutputIfSent();
            AskToReceive();
        }
    }

    /// <summary>Ends a connection that came too late, if any.</summary>
    private static void End(PipeConnection? late)
    {
        if (late is not null)
        {
            late.Pipe.Input.Complete();
            late.Pipe.Output.Complete(new IOException("the connection is no longer needed"));
            late.Close(true);
        }
    }

    private void Fail(int error)
    {
        if (_target is not null)
        {
            _isBroken = true; // The intended receiver is told.
            Move();
        }
        else if (!_closed)
        {
            Close();
            Handler.OnClosed(error);
        }
    }
}
