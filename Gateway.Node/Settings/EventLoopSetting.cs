namespace Gateway.Node.Settings;

/// <summary>What the event loops of <see cref="HttpEngine.Loops"/> wait on.</summary>
public enum EventLoopSetting
{
    /// <summary><see cref="IoUring"/> where the system allows it, else <see cref="Epoll"/>.</summary>
    Auto,

    /// <summary>epoll.</summary>
    Epoll,

    /// <summary>io_uring, of Linux 6.1 or later; many containers forbid it. A replica that is to use it and cannot does not start.</summary>
    IoUring,
}

internal static class EventLoopSettings
{
    /// <summary>The word for it in the file and on the command line.</summary>
    public static string NameOf(EventLoopSetting setting) => setting switch
    {
        EventLoopSetting.IoUring => "io_uring",
        EventLoopSetting.Epoll => "epoll",
        _ => "auto",
    };

    /// <summary>Null: auto.</summary>
    public static EventLoopSetting Parse(string? name) => name switch
    {
        "io_uring" => EventLoopSetting.IoUring,
        "epoll" => EventLoopSetting.Epoll,
        _ => EventLoopSetting.Auto,
    };
}
