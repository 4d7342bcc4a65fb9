using Gateway.Http;
using Gateway.Http.Http2;
using Gateway.Wire;

namespace Gateway.Node.Engine.Http2;

/// <summary>The request on its way to the engine: while the engine takes nothing, received data is kept, and the client gets no more window.</summary>
internal sealed partial class Http2Stream
{
    private ByteChain _input;
    private ReceiveWindow _receiveWindow;
    private int _inputCredit;
    private long _bodyLeft;
    private bool _isChunked;
    private bool _isEndGiven;
    private bool _paused;

    /// <summary>Whether the client has ended its side.</summary>
    public bool HasRequestEnded { get; private set; }

    /// <summary>Whether kept input can be passed on.</summary>
    public bool HasInputToGive => !_input.IsEmpty && !_closed && !IsHeld;

    /// <summary>Whether the client has ended a tunnel and the engine has not been told. Every other request states its own end.</summary>
    public bool HasEndToGive => HasRequestEnded && _isTunnel && !_isEndGiven && _input.IsEmpty && !_closed;

    /// <summary>Whether input is kept for later. Data for a tunnel waits until the tunnel exists: the engine would take it for the next request.</summary>
    private bool IsHeld => _paused || (_accept is not null && !_isTunnel);

    /// <summary>Whether input is dropped: it was for a tunnel that was not opened.</summary>
    private bool IgnoresInput => _closed || _isRefused || (_accept is not null && _headDone && !_isTunnel);

    public override void Pause() => _paused = true;

    public override void Resume()
    {
        if (_paused)
        {
            _paused = false;
            _connection.List(this);
        }
    }

    /// <summary>Takes the head of the request.</summary>
    public void TakeHead(RequestHeadText head, bool ends)
    {
        (_isChunked, _bodyLeft, HasRequestEnded) = (head.IsChunked, head.Accept is null ? head.ContentLength : -1, ends);
        (_isHead, _accept) = (head.IsHead, head.Accept);
        Handler.OnReceived(head.Written);
    }

    /// <summary>Refuses a head without reading it.</summary>
    public void RefuseHead(HttpFault fault, bool ends)
    {
        HasRequestEnded = ends;
        Client.RefuseHead(fault);
    }

    /// <summary>Takes some of the body, and perhaps its end.</summary>
    /// <param name="length">The bytes of the frame that count against the windows.</param>
    /// <returns>The error, if any.</returns>
    public Http2Error TakeData(ReadOnlySpan<byte> data, int length, bool ends)
    {
        if (HasRequestEnded)
        {
            return Http2Error.StreamClosed;
        }

        if (!_receiveWindow.TryTake(length))
        {
            return Http2Error.FlowControlError;
        }

        if (_bodyLeft >= 0 && ((_bodyLeft -= data.Length) < 0 || (ends && _bodyLeft > 0)))
        {
            return Http2Error.ProtocolError;
        }

        HasRequestEnded = ends;
        var text = _isChunked ? Frame(data, ends) : data;
        if (text.IsEmpty || IgnoresInput)
        {
            _connection.Returned(this, length);
        }
        else if (IsHeld || !_input.IsEmpty)
        {
            _inputCredit += length;
            _input.Append(Loop.Blocks, text);
            _connection.Keep(length);
        }
        else
        {
            Handler.OnReceived(text);
            _connection.Returned(this, length);
            if (HasRest)
            {
                _connection.List(this); // The engine waits for the rest of the request, or no longer.
            }
        }

        return Http2Error.NoError;
    }

    /// <summary>Takes the trailers, which end the request.</summary>
    public Http2Error TakeTrailers(HeaderBlock trailers)
    {
        if (HasRequestEnded)
        {
            return Http2Error.StreamClosed;
        }

        if (_bodyLeft > 0 || _parts.Request.WriteEnd(trailers) != HttpFault.None)
        {
            return Http2Error.ProtocolError;
        }

        HasRequestEnded = true;
        if (_isChunked && !_closed)
        {
            Give(_parts.Request.Written);
        }

        return Http2Error.NoError;
    }

    /// <summary>Passes kept input on, as far as it is taken.</summary>
    public void GiveInput()
    {
        while (HasInputToGive)
        {
            var block = _input.TakeFirst()!;
            var credit = _input.IsEmpty ? _inputCredit : Math.Min(_inputCredit, block.Length);
            _inputCredit -= credit;
            Handler.OnReceived(block.Used);
            Loop.Blocks.Return(block);
            _connection.Release(this, credit);
        }

        if (HasEndToGive)
        {
            _isEndGiven = true;
            Handler.OnEnd();
        }
    }

    /// <summary>Called when the backend has ended the tunnel cleanly: the client's side ends too.</summary>
    public void EndTunnel()
    {
        if (_isTunnel && HasAnswerEnded && !_isEndGiven && !_closed)
        {
            _isEndGiven = true;
            Handler.OnEnd();
        }
    }

    /// <summary>Marks bytes as processed; returns the window increment for the client.</summary>
    public int Return(int bytes) => _receiveWindow.Return(bytes);

    private void DropInput()
    {
        _connection.Release(this, _inputCredit);
        _inputCredit = 0;
        _input.Clear(Loop.Blocks);
    }

    private void BeginRequest()
    {
        _receiveWindow = new(Http2Limits.StreamWindow);
        (_inputCredit, _paused, HasRequestEnded, _isEndGiven, _isChunked, _bodyLeft) = (0, false, false, false, false, -1);
        (_isHead, _accept) = (false, null);
    }

    private void Give(ReadOnlySpan<byte> text)
    {
        if (_paused || !_input.IsEmpty)
        {
            _input.Append(Loop.Blocks, text);
        }
        else
        {
            Handler.OnReceived(text);
        }
    }

    /// <summary>Frames data as a chunk, perhaps with the end of all chunks.</summary>
    private ReadOnlySpan<byte> Frame(ReadOnlySpan<byte> data, bool ends)
    {
        var to = new ByteWriter(_parts.Chunk);
        if (!data.IsEmpty)
        {
            to.WriteHex(data.Length);
            to.Write("\r\n"u8);
            to.Write(data);
            to.Write("\r\n"u8);
        }

        if (ends)
        {
            to.Write("0\r\n\r\n"u8);
        }

        return _parts.Chunk.AsSpan(0, to.Length);
    }
}
