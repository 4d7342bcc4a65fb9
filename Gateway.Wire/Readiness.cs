namespace Gateway.Wire;

/// <summary>
/// The readiness of a descriptor, or the events to watch for: the bits of epoll.
/// </summary>
[Flags]
internal enum Readiness : uint
{
    None = 0,
    Input = 0x1,
    Output = 0x4,

    /// <summary>Reported even if not requested.</summary>
    Error = 0x8,

    /// <summary>Both directions are closed. Reported even if not requested.</summary>
    HangUp = 0x10,

    /// <summary>The peer has ended its sending; its data can still be read.</summary>
    PeerEnd = 0x2000,
}
