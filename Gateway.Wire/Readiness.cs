namespace Gateway.Wire;

/// <summary>What a descriptor is ready for, or is to be watched for: the bits of epoll.</summary>
[Flags]
internal enum Readiness : uint
{
    None = 0,
    Input = 0x1,
    Output = 0x4,

    /// <summary>Reported whether asked for or not.</summary>
    Error = 0x8,

    /// <summary>Both directions are closed. Reported whether asked for or not.</summary>
    HangUp = 0x10,

    /// <summary>The peer sends no more; what it has sent is still to be read.</summary>
    PeerEnd = 0x2000,
}
