namespace Gateway.Node.Engine.Http2;

/// <summary>Limits of clients' HTTP/2 connections, the same for all. Sizes in bytes, times in milliseconds.</summary>
internal static class Http2Limits
{
    /// <summary>The most open streams (SETTINGS_MAX_CONCURRENT_STREAMS).</summary>
    public const int Streams = 100;

    /// <summary>The largest payload of a frame, in either direction: the size that every peer accepts.</summary>
    public const int FrameSize = 16 * 1024;

    /// <summary>The receive window of a stream.</summary>
    public const int StreamWindow = 256 * 1024;

    /// <summary>The receive window of a connection.</summary>
    public const int ConnectionWindow = 1024 * 1024;

    /// <summary>The received data that streams may keep before it counts against the connection's window.</summary>
    public const int Kept = 4 * 1024 * 1024;

    /// <summary>The most settings in one frame.</summary>
    public const int Settings = 32;

    /// <summary>The initial size of every window (RFC 9113 6.9.2).</summary>
    public const int FirstWindow = 65_535;

    /// <summary>The output queued for a client that reads nothing, beyond which nothing is read from it.</summary>
    public const int Backlog = 256 * 1024;

    /// <summary>How long a connection without streams is kept.</summary>
    public const int KeepAlive = 60_000;

    /// <summary>The time limit for a head, from its first byte.</summary>
    public const int Head = 10_000;

    /// <summary>How long input is still read after the end was announced, so that the announcement arrives.</summary>
    public const int Linger = 2_000;

    /// <summary>Resets and the like beyond answered requests: the burst, and the number per second.</summary>
    public const int Resets = 400, ResetsPerSecond = 100;

    /// <summary>A client may send one more idle frame per this many bytes sent to it: it may open its windows in small steps.</summary>
    public const int Answered = 1024;

    /// <summary>Idle frames beyond those allowed by useful work: the burst, and the number per second.</summary>
    public const int IdleFrames = 2_000, IdleFramesPerSecond = 200;
}
