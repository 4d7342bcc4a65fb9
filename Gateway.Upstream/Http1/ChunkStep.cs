namespace Gateway.Upstream.Http1;

internal enum ChunkState
{
    /// <summary>Ask again when more bytes have come; those not consumed are given again.</summary>
    NeedMore,

    /// <summary>A stretch of payload; go on with what follows it.</summary>
    Payload,

    /// <summary>The body and its trailer section have ended; what is not consumed belongs to the next answer.</summary>
    End,

    Malformed,
}

/// <summary>What one step through a chunked body came to. Offsets count from the start of that step's input.</summary>
/// <param name="Start">Where the payload begins, or at the end the trailer section, from whose start its fields count.</param>
/// <param name="Length">How long that is, in bytes.</param>
/// <param name="Consumed">The bytes done with, from the start of the input.</param>
/// <param name="Fault">When malformed, why.</param>
internal readonly record struct ChunkStep(ChunkState State, int Start, int Length, int Consumed, CodecFault Fault)
{
    public static ChunkStep NeedMore(int consumed) => new(ChunkState.NeedMore, 0, 0, consumed, CodecFault.None);

    public static ChunkStep Payload(int start, int length) => new(ChunkState.Payload, start, length, start + length, CodecFault.None);

    public static ChunkStep End(int start, int length) => new(ChunkState.End, start, length, start + length, CodecFault.None);

    public static ChunkStep Malformed(CodecFault fault) => new(ChunkState.Malformed, 0, 0, 0, fault);
}
