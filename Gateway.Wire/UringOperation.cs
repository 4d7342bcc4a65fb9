namespace Gateway.Wire;

/// <summary>What a completion on a <see cref="UringSource"/> is about. Stands in its token, beside the channel's.</summary>
internal enum UringOperation : byte
{
    /// <summary>Nobody asks how it ended.</summary>
    Cancel,

    /// <summary>Somebody has posted.</summary>
    Wake,

    /// <summary>Something that the poller watches is ready.</summary>
    Poll,

    Connect,

    Receive,

    Send,
}
