using Gateway.Http;
using Gateway.Http.Http2;
using Gateway.Wire;

namespace Gateway.Node.Engine.Http2;

/// <summary>
/// Heads and trailers: collected from their frames, decoded, and passed to their stream. Every block is decoded, even if its stream has ended: later blocks
/// depend on it.
/// </summary>
internal sealed partial class Http2Connection
{
    private readonly HpackDecoder _decoder;
    private Block? _head;
    private int _headStream;
    private bool _headEnds;
    private bool _isHeadLate;
    private int _lastStream;

    /// <summary>The largest block before decoding: twice the limit for its fields.</summary>
    private int LargestBlock => 2 * _loop.Context.Limits.MaxHead;

    private Http2Error OnHeaders(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.StreamId == 0 || (header.StreamId & 1) == 0 || !TryUnpad(header, ref payload))
        {
            return Http2Error.ProtocolError;
        }

        var dependsOnItself = false;
        if (header.Has(FrameFlags.Priority))
        {
            if (payload.Length < 5)
            {
                return Http2Error.FrameSizeError;
            }

            dependsOnItself = DependsOnItself(header.StreamId, payload);
            payload = payload[5..];
        }

        if (!_streams.ContainsKey(header.StreamId) && !IsIdle(header.StreamId) && _closedStreams.EndOf(header.StreamId) is not StreamEnd.ByUs and var end)
        {
            return end == StreamEnd.ByClient ? Http2Error.StreamClosed : Http2Error.ProtocolError;
        }

        var ends = header.Has(FrameFlags.EndStream);
        if (header.Has(FrameFlags.EndHeaders))
        {
            return OnBlock(header.StreamId, payload, ends, dependsOnItself);
        }

        (_headStream, _headEnds) = (header.StreamId, ends);
        _head = _loop.Wire.Blocks.Append(null, payload);
        return dependsOnItself ? Http2Error.ProtocolError : Http2Error.NoError;
    }

    private Http2Error OnContinuation(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (_headStream == 0)
        {
            return Http2Error.ProtocolError;
        }

        if (CountIdle() != Http2Error.NoError || _head!.Length + payload.Length > LargestBlock)
        {
            return Http2Error.EnhanceYourCalm;
        }

        _head = _loop.Wire.Blocks.Append(_head, payload);
        if (!header.Has(FrameFlags.EndHeaders))
        {
            return Http2Error.NoError;
        }

        var (head, stream) = (_head, _headStream);
        (_head, _headStream) = (null, 0);
        var error = OnBlock(stream, head.Used, _headEnds, dependsOnItself: false);
        _loop.Wire.Blocks.Return(head);
        return error;
    }

    private Http2Error OnBlock(int id, ReadOnlySpan<byte> block, bool ends, bool dependsOnItself)
    {
        (_headBy, _isHeadLate) = (0, false); // It is complete; the next one has its own time.
        var fields = _parts.Fields;
        fields.Clear();
        if (_decoder.Decode(block, fields) is var error and not Http2Error.NoError)
        {
            return error;
        }

        if (_streams.TryGetValue(id, out var stream))
        {
            return OnTrailers(stream, fields, ends);
        }

        if (!IsIdle(id))
        {
            return CountIdle(); // Trailers of a request that this side has ended.
        }

        _lastStream = id;
        if (dependsOnItself)
        {
            return RefuseStream(id, Http2Error.ProtocolError);
        }

        if (_streams.Count >= Http2Limits.Streams)
        {
            return RefuseStream(id, Http2Error.RefusedStream);
        }

        _idleFrames.Credit();
        return OnRequest(id, fields, ends);
    }

    /// <summary>
    /// Ends the stream of a head or trailers that did not arrive in time. Requests in progress continue, although nothing else can come from the client until
    /// the head is complete; once they have ended, the connection does.
    /// </summary>
    private void OnLateHead()
    {
        (_headBy, _isHeadLate) = (0, true);
        var id = _headStream != 0 ? _headStream : _cutStream;
        var error = Http2Error.NoError;
        if (_streams.TryGetValue(id, out var stream))
        {
            error = BreakStream(stream, Http2Error.EnhanceYourCalm);
        }
        else if (IsIdle(id) && (id & 1) != 0)
        {
            _lastStream = id;
            error = RefuseStream(id, Http2Error.EnhanceYourCalm);
        }

        if (error != Http2Error.NoError || _streams.Count == 0)
        {
            Leave(Http2Error.EnhanceYourCalm);
        }
        else
        {
            SetDeadline();
        }
    }

    private Http2Error OnTrailers(Http2Stream stream, HeaderBlock fields, bool ends)
    {
        var isTaken = stream.HasRequestEnded || (ends && !fields.IsTooLarge);
        var error = isTaken ? stream.TakeTrailers(fields) : Http2Error.ProtocolError;
        if (error != Http2Error.NoError)
        {
            return BreakStream(stream, error, error == Http2Error.ProtocolError ? HttpFault.BadTrailer : HttpFault.None);
        }

        OnRequestEnded(stream);
        return Http2Error.NoError;
    }

    private Http2Error OnRequest(int id, HeaderBlock fields, bool ends)
    {
        if (_loop.Context.State.Draining)
        {
            Drain();
        }

        var stream = _free.TryPop(out var free) && !free.IsClosed ? free : new Http2Stream(this, _loop, _parts, _address);
        stream.Begin(id, _firstSendWindow);
        _streams.Add(id, stream);
        if (fields.IsTooLarge)
        {
            stream.RefuseHead(HttpFault.HeadTooLarge, ends);
            return Http2Error.NoError;
        }

        var text = _parts.Request;
        var fault = text.Write(fields, hasBody: !ends, _address.Scheme);
        if (fault != HttpFault.None)
        {
            return BreakStream(stream, Http2Error.ProtocolError, fault);
        }

        if (text.IsExtendedConnect && !text.IsWebSocket)
        {
            stream.Refuse(WebSocketHandshake.OtherProtocol);
            return Http2Error.NoError;
        }

        stream.TakeHead(text, ends);
        if (ends)
        {
            OnRequestEnded(stream);
        }

        return Http2Error.NoError;
    }
}
