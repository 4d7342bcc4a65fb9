namespace Gateway.Node.Settings;

/// <summary>The event notification of the event loops of <see cref="HttpEngine.Loops"/>.</summary>
public enum EventLoopSetting
{
    /// <summary><see cref="IoUring"/> if the system allows it, otherwise <see cref="Epoll"/>.</summary>
    Auto,

    /// <summary>epoll.</summary>
    Epoll,

    /// <summary>io_uring, of Linux 6.1 or later; many containers forbid it. A replica configured for it does not start without it.</summary>
    IoUring,
}

internal static class EventLoopSettings
{
    /// <summary>Its name in the file and on the command line.</summary>
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
