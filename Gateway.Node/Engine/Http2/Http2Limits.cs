namespace Gateway.Node.Engine.Http2;

/// <summary>What a client's connection over HTTP/2 may have and do, the same for all. Sizes in bytes, times in milliseconds.</summary>
internal static class Http2Limits
{
    /// <summary>Streams that are open at once (SETTINGS_MAX_CONCURRENT_STREAMS).</summary>
    public const int Streams = 100;

    /// <summary>The most of a frame's payload, either way: what every peer takes.</summary>
    public const int FrameSize = 16 * 1024;

    /// <summary>What the client may send ahead on one stream.</summary>
    public const int StreamWindow = 256 * 1024;

    /// <summary>The same on all streams together.</summary>
    public const int ConnectionWindow = 1024 * 1024;

    /// <summary>What streams may keep of what the client sends them before it counts against what it may send on all together.</summary>
    public const int Kept = 4 * 1024 * 1024;

    /// <summary>Settings in one frame.</summary>
    public const int Settings = 32;

    /// <summary>What a window is before anybody has said otherwise (RFC 9113 6.9.2).</summary>
    public const int FirstWindow = 65_535;

    /// <summary>What may wait for a client that reads nothing before nothing more is read from it.</summary>
    public const int Backlog = 256 * 1024;

    /// <summary>How long a connection without streams is kept.</summary>
    public const int KeepAlive = 60_000;

    /// <summary>For all of a head, from its first byte.</summary>
    public const int Head = 10_000;

    /// <summary>How long what still comes is read once it has been said that this is the end, so that it arrives.</summary>
    public const int Linger = 2_000;

    /// <summary>Resets, and the like, at once and in a second beyond the requests that are answered.</summary>
    public const int Resets = 400, ResetsPerSecond = 100;

    /// <summary>For so many bytes that it is sent a client may send one frame more that brings nothing on: it may well open its windows in small steps.</summary>
    public const int Answered = 1024;

    /// <summary>Frames that bring nothing on, at once and in a second beyond those that do.</summary>
    public const int IdleFrames = 2_000, IdleFramesPerSecond = 200;
}
