using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Gateway.Wire;

/// <summary>
/// A connection that is carried by a pair of pipes: a TLS stream, a connection of another server's transport, or a conversation within this process.
/// The pipes are read and written by the loop's thread alone; what completes on other threads is posted to it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source is disposed of once the attempt to connect has ended, whatever became of the channel.")]
internal sealed partial class PipeChannel : Channel, IPollTarget
{
    private readonly Action _onAsked;
    private readonly Action _onRead;
    private readonly Action _onFlushed;
    private readonly ulong _token;
    private PipeReader _input = null!;
    private PipeWriter _output = null!;
    private Action<bool> _close = null!;
    private CancellationTokenSource? _connecting;
    private ByteChain _backlog;
    private ReadResult _read;
    private FlushResult _flush;
    private int _flushing;
    private bool _isReading;
    private bool _hasRead;
    private bool _isFlushing;
    private bool _asked;
    private bool _isConnected;
    private bool _paused;
    private bool _ended;
    private bool _endSending;
    private bool _closed;
    private bool _reset;
    private int _failure;
    private Exception? _cause;

    public PipeChannel(EventLoop loop)
        : base(loop)
    {
        (_onAsked, _onRead, _onFlushed) = (OnAsked, OnRead, OnFlushed);
        _token = loop.Register(this);
        loop.Opened();
    }

    /// <summary>What was sent and has not been taken by the other end of the pipe.</summary>
    public override int Backlog => _backlog.Length + _flushing;

    public override bool IsClosed => _closed;

    public override Exception? Cause => _cause;

    private bool IsOpen => !_closed && _failure == 0;

    /// <summary>Begins on a connection that there is. The handler is set by the next turn.</summary>
    public void Begin(PipeConnection connection)
    {
        (_input, _output, _close, _isConnected) = (connection.Pipe.Input, connection.Pipe.Output, connection.Close, true);
        AskToReceive();
    }

    /// <summary>Begins to connect. What is sent before it is connected is kept until then.</summary>
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
            _backlog.Clear(Loop.Blocks);
            Loop.Wheel.Remove(this);
            Loop.CloseLater(this);
            _ = _connecting?.CancelAsync(); // What that sets off is done elsewhere.
        }
    }

    public override void Reset()
    {
        _reset = true;
        Close();
    }

    public override int Detach() => throw new NotSupportedException("only a socket of an epoll loop can be handed over");

    void IPollTarget.OnReady(Readiness ready)
    {
        if (_closed)
        {
            return;
        }

        switch (ready)
        {
            case Readiness.Output when _isConnected:
                Handler.OnDrained();
                break;
            case Readiness.Output:
                _isConnected = true;
                Handler.OnConnected();
                if (!_isFlushing)
                {
                    SendBacklog();
                }

                break;
            default:
                Receive();
                break;
        }
    }

    internal override void Abandon() => Fail(Libc.Aborted);

    /// <summary>Nothing uses what was received any more.</summary>
    internal override void Release()
    {
        Loop.Unregister(_token);
        if (_input is null)
        {
            return; // Whatever still connects is closed when it has.
        }

        if (_isReading)
        {
            _input.CancelPendingRead();
        }
        else
        {
            _input.Complete();
        }

        if (_isFlushing)
        {
            _output.CancelPendingFlush();
        }
        else
        {
            EndOutput();
        }

        _close(_reset);
    }

    private async Task ConnectAsync(Func<CancellationToken, Task<PipeConnection>> connect, CancellationToken given)
    {
        PipeConnection? connection = null;
        Exception? cause = null;
        try
        {
            connection = await Task.Run(() => connect(given), CancellationToken.None);
        }
#pragma warning disable CA1031 // Whatever it is: it is why there is no connection, and is told to whoever asked for one.
        catch (Exception error)
#pragma warning restore CA1031
        {
            cause = error;
        }

        Loop.Post(() => OnConnected(connection, cause));
    }

    private void OnConnected(PipeConnection? connection, Exception? cause)
    {
        _connecting!.Dispose();
        _connecting = null;
        if (_closed)
        {
            connection?.Close(true);
        }
        else if (connection is null)
        {
            _cause = cause;
            Fail((cause as SocketException)?.NativeErrorCode ?? Libc.Aborted);
        }
        else
        {
            Begin(connection);
            _isConnected = false; // Until the handler has been told.
            Loop.Tell(this, Readiness.Output);
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
}
