namespace Gateway.Http.Http2;

/// <summary>The identifiers in a SETTINGS frame (RFC 9113 6.5.2, RFC 8441 3). Unknown ones are ignored.</summary>
public enum SettingId : ushort
{
    /// <summary>The maximum size of the dynamic table of the sender's decoder. Default: 4,096 bytes.</summary>
    HeaderTableSize = 0x1,

    /// <summary>0 or 1: whether the sender accepts pushed answers. Default: 1.</summary>
    EnablePush = 0x2,

    /// <summary>The maximum number of streams the receiver may have open. Default: no limit.</summary>
    MaxConcurrentStreams = 0x3,

    /// <summary>The initial window of each stream, up to 2^31 - 1. Default: 65,535 bytes.</summary>
    InitialWindowSize = 0x4,

    /// <summary>The maximum payload of a frame, 2^14 to 2^24 - 1. Default: 16,384 bytes.</summary>
    MaxFrameSize = 0x5,

    /// <summary>
    /// The maximum size of a header section, as counted by <see cref="HeaderBlock"/>. Default: no limit.
    /// </summary>
    MaxHeaderListSize = 0x6,

    /// <summary>1 if the server accepts the extended CONNECT of RFC 8441. Default: 0.</summary>
    EnableConnectProtocol = 0x8,
}
