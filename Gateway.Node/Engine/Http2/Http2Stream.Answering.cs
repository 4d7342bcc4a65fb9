using Gateway.Http;
using Gateway.Wire;

namespace Gateway.Node.Engine.Http2;

/// <summary>
/// The engine's answer on its way to the client: the head becomes HEADERS, the body DATA, and trailers HEADERS again. The engine writes a head in one piece.
/// Data held back by the windows, or by a client that takes nothing, is kept here as the channel's backlog.
/// </summary>
internal sealed partial class Http2Stream
{
    private SendWindow _sendWindow;
    private SentData _sent;
    private ByteChain _pending;
    private BodyReader _body;
    private Block? _trailers;
    private string? _accept;
    private bool _isHead;
    private bool _headDone;
    private bool _isWhole;
    private bool _isTunnel;
    private bool _isRefused;
    private bool _isDetached;
    private long _restBy;

    /// <summary>Whether this side has ended it.</summary>
    public bool HasAnswerEnded { get; private set; }

    /// <summary>Whether the exchange is over and part of the answer is still kept here.</summary>
    public bool HasRest => _isWhole && !_isTunnel && !_closed && !_pending.IsEmpty && !Client.IsServing;

    public override int Backlog => _pending.Length;

    public override int Untaken => _pending.Length + _sent.Left(_connection.Taken);

    /// <summary>Whether its own window allows sending what is pending.</summary>
    public bool MaySend => !_closed && (_pending.Length == 0 || _sendWindow.Left > 0);

    public override bool Send(ReadOnlySpan<byte> bytes)
    {
        if (!_closed && !_isRefused)
        {
            Take(bytes);
            if (_isWhole && !_pending.IsEmpty)
            {
                _connection.List(this); // It may be the exchange's last.
            }
        }

        return Backlog == 0;
    }

    public override bool Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Send(first);
        return Send(second);
    }

    /// <summary>Ends a tunnel; every other answer states its own end.</summary>
    public override void EndSending()
    {
        if (_isTunnel && !_isWhole && !_closed)
        {
            _isWhole = true;
            EndIfSent();
        }
    }

    /// <summary>Widens the send window. False if it would exceed the maximum.</summary>
    public bool TryWiden(int bytes) => _sendWindow.TryAdd(bytes);

    /// <summary>Sends at most one frame of pending data. The connection has ensured that there is room.</summary>
    /// <param name="max">The bytes left in the connection's window.</param>
    /// <returns>The number of bytes sent.</returns>
    public int SendKept(int max)
    {
        var block = _pending.First!;
        var length = Math.Min(Math.Min(block.Length, max), Math.Min(_sendWindow.Left, Http2Limits.FrameSize));
        var ends = _isWhole && _trailers is null && length == _pending.Length;
        Write(block.Used[..length], ends);
        _pending.Consume(Loop.Blocks, length);
        if (ends)
        {
            End();
        }
        else
        {
            EndIfSent();
        }

        return length;
    }

    /// <summary>Called when all pending data has been sent.</summary>
    public void TellDrained()
    {
        if (!_closed)
        {
            Handler.OnDrained();
        }
    }

    private void BeginAnswer(int sendWindow)
    {
        (_sendWindow, _sent, _body) = (new(sendWindow), default, BodyReader.None);
        (_headDone, _isWhole, _isTunnel, _isRefused, _isDetached, HasAnswerEnded, _restBy) = (false, false, false, false, false, false, 0);
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (!_headDone && !bytes.IsEmpty)
        {
            bytes = bytes[TakeHead(bytes)..];
        }

        if (bytes.IsEmpty || _isWhole || _isRefused)
        {
            return;
        }

        if (_body.Kind != BodyKind.Chunked)
        {
            var taken = _body.Take(bytes);
            _isWhole |= _body.IsDone;
            SendData(bytes[..taken]);
            return;
        }

        TakeChunks(bytes);
    }

    /// <summary>Takes a head, which must be complete; returns its length.</summary>
    private int TakeHead(ReadOnlySpan<byte> bytes)
    {
        var head = _parts.Answer;
        if (head.Parse(bytes) != HeadState.Complete)
        {
            throw new InvalidOperationException("the engine wrote an incomplete or invalid head");
        }

        if (head.IsInterim)
        {
            _connection.WriteHeaders(this, _parts.Block.Write(head, bytes, head.Status, isTunnel: false), ends: false);
            return head.Length;
        }

        _headDone = true;
        if (_accept is { } accept && WebSocketHandshake.IsInvalidAnswer(head, bytes, accept, out _isTunnel))
        {
            Refuse(WebSocketHandshake.NoWebSocket);
            return bytes.Length;
        }

        EndHandshake();
        _body = _isTunnel ? BodyReader.UntilClose() : head.BodyOf(_isHead);
        _isWhole = _body.IsDone;
        _connection.WriteHeaders(this, _parts.Block.Write(head, bytes, _isTunnel ? StatusCodes.Status200OK : head.Status, _isTunnel), ends: _isWhole);
        if (_isWhole)
        {
            End();
        }

        return head.Length;
    }

    /// <summary>
    /// Called with the result of the handshake: with a tunnel, data waiting for it continues at the end of the turn; without one, it is dropped.
    /// </summary>
    private void EndHandshake()
    {
        if (_isTunnel)
        {
            _connection.List(this);
        }
        else if (_accept is not null)
        {
            DropInput();
        }
    }

    private void TakeChunks(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !_body.IsAtTrailers && _body.Fault == HttpFault.None)
        {
            bytes = bytes[_body.TakeChunk(bytes, out var payload)..];
            SendData(payload);
        }

        if (_body.IsAtTrailers)
        {
            var length = _body.TakeTrailers(bytes);
            _trailers = Loop.Blocks.Append(_trailers, bytes[..length]);
            if (_body.IsDone)
            {
                _isWhole = true;
                if (_trailers.Length <= 2)
                {
                    FreeTrailers();
                }

                EndIfSent();
            }
        }
    }

    private void SendData(ReadOnlySpan<byte> payload)
    {
        while (!payload.IsEmpty && _pending.IsEmpty && !_connection.IsBlocked && !_connection.HasWaiting)
        {
            var length = Math.Min(Math.Min(payload.Length, Http2Limits.FrameSize), Math.Min(_sendWindow.Left, _connection.WindowLeft));
            if (length <= 0)
            {
                break;
            }

            var ends = _isWhole && length == payload.Length;
            Write(payload[..length], ends);
            payload = payload[length..];
            if (ends)
            {
                End();
            }
        }

        if (!payload.IsEmpty)
        {
            _pending.Append(Loop.Blocks, payload);
            _connection.Queue(this);
        }
    }

    private void Write(ReadOnlySpan<byte> payload, bool ends)
    {
        _connection.WriteData(this, payload, ends);
        _sendWindow.Take(payload.Length);
        _sent.Add(payload.Length, _connection.Written);
    }

    /// <summary>Ends it once the whole answer has been sent.</summary>
    private void EndIfSent()
    {
        if (!_isWhole || !_pending.IsEmpty || HasAnswerEnded)
        {
            return;
        }

        if (_trailers is { } trailers)
        {
            var block = _parts.Block.WriteTrailers(trailers.Used);
            if (!block.IsEmpty)
            {
                _connection.WriteHeaders(this, block, ends: true);
                FreeTrailers();
                End();
                return;
            }

            FreeTrailers();
        }

        _connection.WriteEnd(this);
        End();
    }

    private void End()
    {
        HasAnswerEnded = true;
        _connection.OnAnswerEnded(this);
    }

    /// <summary>Answers in place of the engine.</summary>
    public void Refuse(Problem problem)
    {
        _headDone = _isRefused = _isWhole = true;
        _isTunnel = false;
        DropInput();
        var body = problem.ToJson();
        _connection.WriteHeaders(this, _parts.Block.Write(problem, body.Length, _connection.GatewayId), ends: false);
        SendData(body);
        _connection.List(this);
    }

    private void FreeTrailers()
    {
        if (_trailers is { } trailers)
        {
            _trailers = null;
            Loop.Blocks.Return(trailers);
        }
    }
}
