using System.Buffers.Binary;
using Gateway.Http;
using Gateway.Http.Http2;

namespace Gateway.Node.Engine.Http2;

/// <summary>Incoming frames: which may come when, and those that concern the connection itself.</summary>
internal sealed partial class Http2Connection
{
    private FloodGuard _idleFrames = new(Http2Limits.IdleFrames, Http2Limits.IdleFramesPerSecond);
    private FloodGuard _resets = new(Http2Limits.Resets, Http2Limits.ResetsPerSecond);
    private bool _isHeadCut;
    private int _cutStream;

    /// <summary>Takes complete frames; returns the number of bytes used.</summary>
    private int Process(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        while (used < bytes.Length && _state is State.Greeting or State.Preface)
        {
            var before = _state;
            used += before == State.Greeting ? Greet(bytes[used..]) : TakePreface(bytes[used..]);
            if (_state == before)
            {
                return used;
            }
        }

        _isHeadCut = false;
        while (_state is State.Settings or State.Open && bytes.Length - used >= FrameHeader.Size)
        {
            var header = FrameHeader.Read(bytes[used..]);
            if (header.Length > Http2Limits.FrameSize)
            {
                Leave(Http2Error.FrameSizeError);
                break;
            }

            if (bytes.Length - used - FrameHeader.Size < header.Length)
            {
                (_isHeadCut, _cutStream) = (header.Type is FrameType.Headers or FrameType.Continuation, header.StreamId);
                break;
            }

            OnFrame(header, bytes.Slice(used + FrameHeader.Size, header.Length));
            used += FrameHeader.Size + header.Length;
        }

        return used;
    }

    private void OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (_state == State.Settings)
        {
            if (header.Type != FrameType.Settings || header.Has(FrameFlags.Ack))
            {
                Leave(Http2Error.ProtocolError);
                return;
            }

            _state = State.Open;
        }

        if (_headStream != 0 && (header.Type != FrameType.Continuation || header.StreamId != _headStream))
        {
            Leave(Http2Error.ProtocolError); // Nothing may come between the frames of a head.
            return;
        }

        var error = header.Type switch
        {
            FrameType.Data => OnData(header, payload),
            FrameType.Headers => OnHeaders(header, payload),
            FrameType.Continuation => OnContinuation(header, payload),
            FrameType.Priority => OnPriority(header, payload),
            FrameType.RstStream => OnReset(header, payload),
            FrameType.Settings => OnSettings(header, payload),
            FrameType.Ping => OnPing(header, payload),
            FrameType.GoAway => OnGoAway(header, payload),
            FrameType.WindowUpdate => OnWindowUpdate(header, payload),
            FrameType.PushPromise => Http2Error.ProtocolError,
            _ => CountIdle(),
        };
        if (error != Http2Error.NoError)
        {
            Leave(error);
        }
    }

    private Http2Error CountIdle() => _idleFrames.TryTake(_loop.Wire.Now) ? Http2Error.NoError : Http2Error.EnhanceYourCalm;

    private Http2Error CountReset() => _resets.TryTake(_loop.Wire.Now) ? Http2Error.NoError : Http2Error.EnhanceYourCalm;

    private Http2Error OnData(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.StreamId == 0 || IsIdle(header.StreamId) || !TryUnpad(header, ref payload))
        {
            return Http2Error.ProtocolError;
        }

        if (!_receiveWindow.TryTake(header.Length))
        {
            return Http2Error.FlowControlError;
        }

        if (!_streams.TryGetValue(header.StreamId, out var stream))
        {
            ReturnToConnection(header.Length);
            return OnLateData(header.StreamId);
        }

        var ends = header.Has(FrameFlags.EndStream);
        if (payload.IsEmpty && !ends)
        {
            if (CountIdle() is var flood and not Http2Error.NoError)
            {
                return flood;
            }
        }
        else
        {
            _idleFrames.Credit();
        }

        var error = stream.TakeData(payload, header.Length, ends);
        if (error != Http2Error.NoError)
        {
            ReturnToConnection(header.Length);
            return BreakStream(stream, error, error == Http2Error.ProtocolError ? HttpFault.BadContentLength : HttpFault.None);
        }

        if (ends)
        {
            OnRequestEnded(stream);
        }

        return Http2Error.NoError;
    }

    /// <summary>Handles data of a closed stream: it was in flight when this side ended the stream, or it is an error (RFC 9113 5.1).</summary>
    private Http2Error OnLateData(int id) => _closedStreams.EndOf(id) == StreamEnd.ByUs ? CountIdle() : ResetForClient(id, Http2Error.StreamClosed);

    private Http2Error OnPriority(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.StreamId == 0)
        {
            return Http2Error.ProtocolError;
        }

        if (payload.Length != 5 || DependsOnItself(header.StreamId, payload))
        {
            return BreakStream(header.StreamId, payload.Length != 5 ? Http2Error.FrameSizeError : Http2Error.ProtocolError);
        }

        return CountIdle();
    }

    private static bool DependsOnItself(int stream, ReadOnlySpan<byte> priority) => (BinaryPrimitives.ReadInt32BigEndian(priority) & int.MaxValue) == stream;

    private Http2Error OnReset(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (payload.Length != 4)
        {
            return Http2Error.FrameSizeError;
        }

        if (header.StreamId == 0 || IsIdle(header.StreamId))
        {
            return Http2Error.ProtocolError;
        }

        if (_streams.TryGetValue(header.StreamId, out var stream))
        {
            Remove(stream, byUs: false);
            stream.Break();
            List(stream);
        }

        return CountReset();
    }

    private Http2Error OnPing(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (payload.Length != 8)
        {
            return Http2Error.FrameSizeError;
        }

        if (header.StreamId != 0)
        {
            return Http2Error.ProtocolError;
        }

        if (header.Has(FrameFlags.Ack))
        {
            return CountIdle();
        }

        _idleBy = _loop.Wire.Now + Http2Limits.KeepAlive;
        SetDeadline();
        WriteFrame(FrameType.Ping, FrameFlags.Ack, 0, payload);
        return CountIdle();
    }

    private Http2Error OnGoAway(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.StreamId != 0)
        {
            return Http2Error.ProtocolError;
        }

        if (payload.Length < 8)
        {
            return Http2Error.FrameSizeError;
        }

        _isLeaving = true; // It opens no more streams; open ones continue.
        ListSelf();
        return CountIdle();
    }

    /// <summary>Removes the padding. False if it is longer than the payload.</summary>
    private static bool TryUnpad(in FrameHeader header, ref ReadOnlySpan<byte> payload)
    {
        if (!header.Has(FrameFlags.Padded))
        {
            return true;
        }

        if (payload.IsEmpty || payload[0] >= payload.Length)
        {
            return false;
        }

        payload = payload[1..^payload[0]];
        return true;
    }
}
