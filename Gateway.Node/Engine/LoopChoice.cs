using Gateway.Node.Settings;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>The kind of event loops in this process, and why not a better one.</summary>
/// <param name="Kind">The chosen kind.</param>
/// <param name="UringFault">Why io_uring cannot be used; null: it can, or was not requested.</param>
internal sealed record LoopChoice(LoopKind Kind, string? UringFault = null)
{
    /// <param name="probe">Returns why io_uring cannot be used here; null: it can. <see cref="UringProbe.FaultOf"/>, except in tests.</param>
    public static LoopChoice Of(GatewaySettings settings, Func<string?> probe)
    {
        var engine = settings.HttpEngine.OnThisSystem();
        if (engine == HttpEngine.Transport || !OperatingSystem.IsLinux())
        {
            return new(LoopKind.Portable);
        }

        if (engine == HttpEngine.Kestrel || settings.EventLoop == EventLoopSetting.Epoll)
        {
            return new(LoopKind.Epoll);
        }

        return probe() is { } fault ? new(LoopKind.Epoll, fault) : new(LoopKind.Uring);
    }

    public string Name => Kind switch
    {
        LoopKind.Uring => "io_uring",
        LoopKind.Portable => "transport",
        _ => "epoll",
    };

    public override string ToString() => UringFault is { } fault ? $"{Name}; io_uring is not available: {fault}" : Name;

    /// <summary>Why the settings cannot be applied; null: they can.</summary>
    public string? FaultOf(GatewaySettings settings) =>
        settings.EventLoop == EventLoopSetting.IoUring && UringFault is { } fault ? $"--event-loop: io_uring is not available: {fault}; allowed on this system: auto, epoll" : null;
}
