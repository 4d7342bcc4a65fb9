using System.Buffers.Binary;
using Gateway.Http.Http2;
using Gateway.Wire;

namespace Gateway.Node.Engine.Http2;

/// <summary>
/// Outgoing frames. They are gathered until the turn ends, and sent in one piece. Once the client's connection takes no more, bodies wait with their streams;
/// heads, and answers to the client's own frames, are still sent, up to a bound beyond which nothing more is read from a client that does not read.
/// </summary>
internal sealed partial class Http2Connection
{
    /// <summary>An update of the size of HPACK's table to 0 (RFC 7541 6.3).</summary>
    private const byte NoTable = 0x20;

    /// <summary>The offset of the flags in a frame's header.</summary>
    private const int FlagsAt = 4;

    private const int SmallBlock = 16 * 1024;

    /// <summary>The most bytes gathered before they are sent.</summary>
    private const int LargeBlock = 64 * 1024;

    private readonly Queue<Http2Stream> _waiting = new();
    private readonly List<Http2Stream> _drained = [];
    private Block? _gathered;
    private Http2Stream? _lastData;
    private int _lastFlags;
    private bool _isReadingHalted;

    /// <summary>Whether the client's connection takes no more.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Whether a stream waits for the connection's window: later ones wait behind it.</summary>
    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>The bytes sent to the client on any stream that it has not taken.</summary>
    private int Untaken => _channel.Untaken + (_gathered?.Length ?? 0);

    /// <summary>The bytes written to the client so far, and those of them it has taken: positions in everything it is ever sent.</summary>
    public long Written { get; private set; }

    public long Taken => Written - Untaken;

    /// <summary>Queues a stream to send its pending data, once there is room.</summary>
    public void Queue(Http2Stream stream)
    {
        if (!stream.IsQueued && stream.Backlog > 0)
        {
            stream.IsQueued = true;
            _waiting.Enqueue(stream);
        }

        ListSelf();
    }

    public void WriteData(Http2Stream stream, ReadOnlySpan<byte> payload, bool ends)
    {
        if (_isClosed)
        {
            return;
        }

        _sendWindow.Take(payload.Length);
        WriteFrame(FrameType.Data, ends ? FrameFlags.EndStream : FrameFlags.None, stream.Id, payload);
        (_lastData, _lastFlags) = (stream, _gathered!.End - payload.Length - FrameHeader.Size + FlagsAt);
        _idleFrames.Credit(1 + (payload.Length / Http2Limits.Answered));
    }

    /// <summary>Ends a stream with its last data frame, unless that was sent already.</summary>
    public void WriteEnd(Http2Stream stream)
    {
        if (_lastData == stream && _gathered is { } gathered)
        {
            gathered.Used[_lastFlags - gathered.Start] |= FrameFlags.EndStream;
            _lastData = null;
        }
        else
        {
            WriteFrame(FrameType.Data, FrameFlags.EndStream, stream.Id, []);
        }
    }

    /// <summary>Writes a block in as many frames as needed.</summary>
    public void WriteHeaders(Http2Stream stream, ReadOnlySpan<byte> block, bool ends)
    {
        Span<byte> update = [NoTable];
        if (_forgetsTable)
        {
            _forgetsTable = false;
        }
        else
        {
            update = [];
        }

        var type = FrameType.Headers;
        var flags = ends ? FrameFlags.EndStream : FrameFlags.None;
        do
        {
            var part = block[..Math.Min(block.Length, Http2Limits.FrameSize - update.Length)];
            block = block[part.Length..];
            WriteFrame(type, (byte)(flags | (block.IsEmpty ? FrameFlags.EndHeaders : 0)), stream.Id, update, part);
            (type, flags) = (FrameType.Continuation, 0);
            update = [];
        }
        while (!block.IsEmpty);
    }

    private void WriteReset(int stream, Http2Error error)
    {
        Span<byte> code = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(code, (int)error);
        WriteFrame(FrameType.RstStream, 0, stream, code);
    }

    private void WriteWindowUpdate(int stream, int bytes)
    {
        Span<byte> more = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(more, bytes);
        WriteFrame(FrameType.WindowUpdate, 0, stream, more);
    }

    private void WriteFrame(FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload) => WriteFrame(type, flags, stream, [], payload);

    private void WriteFrame(FrameType type, byte flags, int stream, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (_isClosed)
        {
            return;
        }

        var length = first.Length + second.Length;
        var block = RoomFor(FrameHeader.Size + length);
        var room = block.Free;
        new FrameHeader(length, type, flags, stream).Write(room);
        first.CopyTo(room[FrameHeader.Size..]);
        second.CopyTo(room[(FrameHeader.Size + first.Length)..]);
        block.End += FrameHeader.Size + length;
        Written += FrameHeader.Size + length;
        ListSelf();
    }

    private Block RoomFor(int bytes)
    {
        if (_gathered is { } gathered && gathered.Room < bytes)
        {
            if (gathered.Length + bytes <= LargeBlock)
            {
                var larger = _loop.Wire.Blocks.Rent(LargeBlock);
                gathered.Used.CopyTo(larger.Free);
                larger.End = gathered.Length;
                _loop.Wire.Blocks.Return(gathered);
                return _gathered = larger;
            }

            SendGathered();
        }

        return _gathered ??= _loop.Wire.Blocks.Rent(Math.Max(SmallBlock, bytes));
    }

    private void SendGathered()
    {
        if (_gathered is not { } gathered || _isClosed)
        {
            return;
        }

        (_gathered, _lastData) = (null, null);
        IsBlocked = !_channel.Send(gathered.Used);
        _loop.Wire.Blocks.Return(gathered);
        if (IsBlocked && !_isReadingHalted && _channel.Backlog > Http2Limits.Backlog)
        {
            _isReadingHalted = true;
            _channel.Pause();
        }
    }

    /// <summary>Sends the streams' pending data, a frame of each in turn, as far as windows and the client's connection allow.</summary>
    private void SendKept()
    {
        for (var left = _waiting.Count; left > 0 && !IsBlocked && _sendWindow.Left > 0; left = _waiting.Count)
        {
            var stream = _waiting.Dequeue();
            stream.IsQueued = false;
            if (stream.IsClosed || stream.Backlog == 0 || !stream.MaySend)
            {
                continue; // Queued again when it may.
            }

            stream.SendKept(_sendWindow.Left);
            if (stream.Backlog == 0)
            {
                _drained.Add(stream);
            }
            else
            {
                Queue(stream);
            }
        }

        for (var i = 0; i < _drained.Count; i++)
        {
            _drained[i].TellDrained();
        }

        _drained.Clear();
    }
}
