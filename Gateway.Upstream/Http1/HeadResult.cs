namespace Gateway.Upstream.Http1;

/// <summary>How far a head has been understood.</summary>
internal enum HeadState
{
    /// <summary>So far so good; ask again when more bytes have come.</summary>
    NeedMore,

    Done,
    Malformed,
}

/// <summary>What parsing came to.</summary>
/// <param name="Consumed">When done, the length of the head in bytes with its empty line; else 0.</param>
/// <param name="Fault">When malformed, why.</param>
internal readonly record struct HeadResult(HeadState State, int Consumed, CodecFault Fault)
{
    public static HeadResult NeedMore => default;

    public static HeadResult Done(int consumed) => new(HeadState.Done, consumed, CodecFault.None);

    public static HeadResult Malformed(CodecFault fault) => new(HeadState.Malformed, 0, fault);
}
