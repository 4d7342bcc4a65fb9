using Gateway.Http;
using Gateway.Http.Http2;
using Gateway.Wire;

namespace Gateway.Node.Engine.Http2;

/// <summary>The request on its way to the engine: what comes while that takes nothing is kept, and the client is allowed no more until it goes on.</summary>
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

    /// <summary>Whether what was kept can go on.</summary>
    public bool HasInputToGive => !_paused && !_closed && !_input.IsEmpty;

    /// <summary>Whether the client has ended a tunnel, and the engine does not know yet. Every other request says by itself where it ends.</summary>
    public bool HasEndToGive => HasRequestEnded && _accept is not null && !_isEndGiven && _input.IsEmpty && !_closed;

    public override void Pause() => _paused = true;

    public override void Resume()
    {
        if (_paused)
        {
            _paused = false;
            _connection.List(this);
        }
    }

    /// <summary>The head of the request.</summary>
    public void TakeHead(RequestHeadText head, bool ends)
    {
        (_isChunked, _bodyLeft, HasRequestEnded) = (head.IsChunked, head.Accept is null ? head.ContentLength : -1, ends);
        (_isHead, _accept) = (head.IsHead, head.Accept);
        Handler.OnReceived(head.Written);
    }

    /// <summary>A head that is refused unread.</summary>
    public void RefuseHead(HttpFault fault, bool ends)
    {
        HasRequestEnded = ends;
        Client.RefuseHead(fault);
    }

    /// <summary>Some of the body, and perhaps its end.</summary>
    /// <param name="length">Bytes of the frame that count for the windows.</param>
    /// <returns>What is wrong with it.</returns>
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
        if (_closed)
        {
            _connection.Returned(this, length);
        }
        else if (_paused || !_input.IsEmpty)
        {
            _inputCredit += length;
            _input.Append(Loop.Blocks, text);
        }
        else
        {
            if (!text.IsEmpty)
            {
                Handler.OnReceived(text);
            }

            _connection.Returned(this, length);
        }

        return Http2Error.NoError;
    }

    /// <summary>The trailers, which end the request.</summary>
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

    /// <summary>Hands on what was kept, as far as it is taken.</summary>
    public void GiveInput()
    {
        while (HasInputToGive)
        {
            var block = _input.TakeFirst()!;
            var credit = _input.IsEmpty ? _inputCredit : Math.Min(_inputCredit, block.Length);
            _inputCredit -= credit;
            Handler.OnReceived(block.Used);
            Loop.Blocks.Return(block);
            _connection.Returned(this, credit);
        }

        if (HasEndToGive)
        {
            _isEndGiven = true;
            Handler.OnEnd();
        }
    }

    /// <summary>The backend has ended the tunnel in order: so the client has, too.</summary>
    public void EndTunnel()
    {
        if (_isTunnel && HasAnswerEnded && !_isEndGiven && !_closed)
        {
            _isEndGiven = true;
            Handler.OnEnd();
        }
    }

    /// <summary>Bytes have been dealt with; answers how many the client is to be allowed now.</summary>
    public int Return(int bytes) => _receiveWindow.Return(bytes);

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

    /// <summary>A chunk, and perhaps the end of all of them.</summary>
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
