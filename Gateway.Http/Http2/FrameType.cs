namespace Gateway.Http.Http2;

/// <summary>The types of HTTP/2 frames (RFC 9113 6). Frames of other types are ignored.</summary>
public enum FrameType : byte
{
    Data = 0,
    Headers = 1,
    Priority = 2,
    RstStream = 3,
    Settings = 4,
    PushPromise = 5,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
}
