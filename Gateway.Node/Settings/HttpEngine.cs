namespace Gateway.Node.Settings;

/// <summary>The carrier of HTTP/1.1.</summary>
public enum HttpEngine
{
    /// <summary><see cref="Loops"/> on Linux, otherwise <see cref="Transport"/>.</summary>
    Auto,

    /// <summary>
    /// The engine's own event loops, for clients' and backends' sockets; on Linux. <see cref="EventLoopSetting"/> chooses their event notification.
    /// </summary>
    Loops,

    /// <summary>Kestrel's transport for clients and .NET's sockets for backends, on loops that wait on a monitor; on every system.</summary>
    Transport,

    /// <summary>Kestrel's HTTP/1.1 in front of the engine, for comparison: it costs several times the CPU, and supports no upgrades.</summary>
    Kestrel,
}

internal static class HttpEngineExtensions
{
    /// <summary>Resolves <see cref="HttpEngine.Auto"/> for this system; returns others unchanged.</summary>
    public static HttpEngine OnThisSystem(this HttpEngine engine) =>
        engine != HttpEngine.Auto ? engine : OperatingSystem.IsLinux() ? HttpEngine.Loops : HttpEngine.Transport;
}
