namespace Gateway.Wire;

/// <summary>The kind of a completion on a <see cref="UringSource"/>. Part of its token, beside the channel's.</summary>
internal enum UringOperation : byte
{
    /// <summary>Its result is ignored.</summary>
    Cancel,

    /// <summary>A post from another thread.</summary>
    Wake,

    /// <summary>A descriptor watched by the poller is ready.</summary>
    Poll,

    Connect,

    Receive,

    Send,
}
