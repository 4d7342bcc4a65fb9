using System.Buffers.Binary;
using Gateway.Http.Http2;

namespace Gateway.Node.Engine.Http2;

/// <summary>Both sides' settings, and the windows of flow control.</summary>
internal sealed partial class Http2Connection
{
    private const int SettingSize = 6;

    /// <summary>The initial size of HPACK's table.</summary>
    private const int HpackTable = 4096;

    private int _firstSendWindow = Http2Limits.FirstWindow;
    private SendWindow _sendWindow = new(Http2Limits.FirstWindow);
    private ReceiveWindow _receiveWindow = new(Http2Limits.ConnectionWindow);
    private bool _forgetsTable;
    private int _kept;

    private int Withheld => Math.Max(0, _kept - Http2Limits.Kept);

    /// <summary>The bytes that may be sent on all streams together.</summary>
    public int WindowLeft => _sendWindow.Left;

    private void WritePreface()
    {
        Span<byte> settings = stackalloc byte[4 * SettingSize];
        Write(settings, SettingId.MaxConcurrentStreams, Http2Limits.Streams);
        Write(settings[SettingSize..], SettingId.InitialWindowSize, Http2Limits.StreamWindow);
        Write(settings[(2 * SettingSize)..], SettingId.MaxHeaderListSize, _loop.Context.Limits.MaxHead);
        Write(settings[(3 * SettingSize)..], SettingId.EnableConnectProtocol, 1);
        WriteFrame(FrameType.Settings, 0, 0, settings);
        WriteWindowUpdate(0, Http2Limits.ConnectionWindow - Http2Limits.FirstWindow);
    }

    private static void Write(Span<byte> at, SettingId id, int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)id);
        BinaryPrimitives.WriteInt32BigEndian(at[2..], value);
    }

    private Http2Error OnSettings(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.StreamId != 0)
        {
            return Http2Error.ProtocolError;
        }

        if (header.Has(FrameFlags.Ack))
        {
            return payload.IsEmpty ? CountIdle() : Http2Error.FrameSizeError;
        }

        if (payload.Length % SettingSize != 0)
        {
            return Http2Error.FrameSizeError;
        }

        if (payload.Length > Http2Limits.Settings * SettingSize)
        {
            return Http2Error.EnhanceYourCalm; // Each may have to be applied to every stream.
        }

        for (; !payload.IsEmpty; payload = payload[SettingSize..])
        {
            var error = Take((SettingId)BinaryPrimitives.ReadUInt16BigEndian(payload), BinaryPrimitives.ReadUInt32BigEndian(payload[2..]));
            if (error != Http2Error.NoError)
            {
                return error;
            }
        }

        WriteFrame(FrameType.Settings, FrameFlags.Ack, 0, []);
        return CountIdle();
    }

    private Http2Error Take(SettingId id, uint value)
    {
        switch (id)
        {
            case SettingId.HeaderTableSize:
                _forgetsTable |= value < HpackTable; // The encoder keeps nothing in it, which must be announced once (RFC 7541 4.2).
                return Http2Error.NoError;
            case SettingId.EnablePush or SettingId.EnableConnectProtocol:
                return value <= 1 ? Http2Error.NoError : Http2Error.ProtocolError;
            case SettingId.InitialWindowSize:
                return value <= int.MaxValue ? ResizeWindows((int)value) : Http2Error.FlowControlError;
            case SettingId.MaxFrameSize:
                return value is >= Http2Limits.FrameSize and < 1 << 24 ? Http2Error.NoError : Http2Error.ProtocolError;
            default:
                return Http2Error.NoError;
        }
    }

    /// <summary>Adjusts the windows of open streams by the difference (RFC 9113 6.9.2).</summary>
    private Http2Error ResizeWindows(int size)
    {
        var more = size - _firstSendWindow;
        _firstSendWindow = size;
        foreach (var stream in _streams.Values)
        {
            if (!stream.TryWiden(more))
            {
                return Http2Error.FlowControlError;
            }

            Queue(stream);
        }

        return Http2Error.NoError;
    }

    private Http2Error OnWindowUpdate(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (payload.Length != 4)
        {
            return Http2Error.FrameSizeError;
        }

        if (IsIdle(header.StreamId) && header.StreamId != 0)
        {
            return Http2Error.ProtocolError;
        }

        var more = BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue;
        if (header.StreamId == 0)
        {
            if (more == 0)
            {
                return Http2Error.ProtocolError;
            }

            ListSelf();
            return _sendWindow.TryAdd(more) ? CountIdle() : Http2Error.FlowControlError;
        }

        if (!_streams.TryGetValue(header.StreamId, out var stream))
        {
            return CountIdle();
        }

        if (more == 0 || !stream.TryWiden(more))
        {
            return BreakStream(stream, more == 0 ? Http2Error.ProtocolError : Http2Error.FlowControlError);
        }

        Queue(stream);
        return CountIdle();
    }

    /// <summary>
    /// Called when a stream keeps received data. The connection's window is opened again at once, so that a stream that is not read delays only itself, except
    /// for data beyond <see cref="Http2Limits.Kept"/>.
    /// </summary>
    public void Keep(int bytes)
    {
        var withheld = Withheld;
        _kept += bytes;
        ReturnToConnection(bytes - (Withheld - withheld));
    }

    /// <summary>Called when kept data has been processed.</summary>
    public void Release(Http2Stream stream, int bytes)
    {
        var withheld = Withheld;
        _kept -= bytes;
        ReturnToConnection(withheld - Withheld);
        ReturnToStream(stream, bytes);
    }

    /// <summary>Called when received data has been processed.</summary>
    public void Returned(Http2Stream stream, int bytes)
    {
        ReturnToConnection(bytes);
        ReturnToStream(stream, bytes);
    }

    private void ReturnToConnection(int bytes)
    {
        if (bytes > 0 && _state != State.Over && _receiveWindow.Return(bytes) is > 0 and var allowed)
        {
            WriteWindowUpdate(0, allowed);
        }
    }

    private void ReturnToStream(Http2Stream stream, int bytes)
    {
        if (bytes > 0 && _state != State.Over && stream is { IsOver: false, HasRequestEnded: false } && stream.Return(bytes) is > 0 and var allowed)
        {
            WriteWindowUpdate(stream.Id, allowed);
        }
    }
}
