using System.Buffers.Binary;

namespace Gateway.Node.Engine;

/// <summary>
/// Follows the frames of one direction of a WebSocket, to know where a frame may be inserted. A frame is two bytes (the low half of the first is the opcode;
/// the second is the mask bit and a length up to 125, or 126 or 127), a length of 2 or 8 bytes for those two, a mask of 4 bytes, and the payload (RFC 6455
/// 5.2).
/// </summary>
internal sealed class FrameBoundary
{
    private const int Close = 8;
    private const int MaxHeadLength = 14;

    private readonly byte[] _head = new byte[MaxHeadLength];
    private int _headLength;
    private ulong _payloadLeft;

    /// <summary>Whether the last frame is complete, and another may follow.</summary>
    public bool IsBetweenFrames => _headLength == 0 && _payloadLeft == 0;

    /// <summary>Whether a close frame has passed: nothing may follow it.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Processes the next bytes.</summary>
    public void Follow(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_payloadLeft > 0)
            {
                var taken = (int)Math.Min(_payloadLeft, (ulong)bytes.Length);
                _payloadLeft -= (ulong)taken;
                bytes = bytes[taken..];
                continue;
            }

            _head[_headLength++] = bytes[0];
            bytes = bytes[1..];
            if (_headLength >= 2 && _headLength == HeadLength(_head[1]))
            {
                _payloadLeft = PayloadLength();
                IsClosed |= (_head[0] & 0x0f) == Close;
                _headLength = 0;
            }
        }
    }

    private static int HeadLength(byte second) => 2 + ((second & 0x7f) switch { 126 => 2, 127 => 8, _ => 0 }) + ((second & 0x80) != 0 ? 4 : 0);

    private ulong PayloadLength() => (_head[1] & 0x7f) switch
    {
        126 => BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(2)),
        127 => BinaryPrimitives.ReadUInt64BigEndian(_head.AsSpan(2)),
        var length => (ulong)length,
    };
}
