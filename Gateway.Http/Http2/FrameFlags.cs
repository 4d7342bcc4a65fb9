namespace Gateway.Http.Http2;

/// <summary>The flags of HTTP/2 frames (RFC 9113 6). Each applies only to the frames named in its comment.</summary>
public static class FrameFlags
{
    public const byte None = 0;

    /// <summary>DATA, HEADERS: the sender's last frame on this stream, except for CONTINUATION frames.</summary>
    public const byte EndStream = 0x1;

    /// <summary>SETTINGS, PING: the receiver's answer.</summary>
    public const byte Ack = 0x1;

    /// <summary>HEADERS, PUSH_PROMISE, CONTINUATION: the header block is complete.</summary>
    public const byte EndHeaders = 0x4;

    /// <summary>DATA, HEADERS, PUSH_PROMISE: the first byte of the payload is the length of the padding at its end.</summary>
    public const byte Padded = 0x8;

    /// <summary>HEADERS: five bytes of priority precede the header block.</summary>
    public const byte Priority = 0x20;
}
