using System.Buffers.Binary;

namespace Gateway.Http.Http2;

/// <summary>The nine-byte header of an HTTP/2 frame (RFC 9113 4.1).</summary>
/// <param name="Length">The length of the payload in bytes: 0 to 2^24 - 1.</param>
/// <param name="StreamId">
/// 0 for the connection, at most 2^31 - 1; the reserved bit is dropped.
/// </param>
public readonly record struct FrameHeader(int Length, FrameType Type, byte Flags, int StreamId)
{
    public const int Size = 9;

    /// <summary>Reads a header from the first nine bytes.</summary>
    public static FrameHeader Read(ReadOnlySpan<byte> from)
    {
        var word = BinaryPrimitives.ReadUInt32BigEndian(from);
        return new(
            (int)(word >> 8),
            (FrameType)(byte)word,
            from[4],
            (int)(BinaryPrimitives.ReadUInt32BigEndian(from[5..]) & int.MaxValue));
    }

    /// <summary>Writes the header to the first nine bytes.</summary>
    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to, (uint)Length << 8 | (byte)Type);
        to[4] = Flags;
        BinaryPrimitives.WriteInt32BigEndian(to[5..], StreamId);
    }

    public bool Has(byte flag) => (Flags & flag) != 0;
}
