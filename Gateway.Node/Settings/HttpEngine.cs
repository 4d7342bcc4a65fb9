namespace Gateway.Node.Settings;

/// <summary>What brings HTTP/1.1 to the engine.</summary>
public enum HttpEngine
{
    /// <summary><see cref="Loops"/> on Linux, elsewhere <see cref="Transport"/>.</summary>
    Auto,

    /// <summary>Event loops of the engine's own, for clients' and backends' sockets alike; on Linux. <see cref="EventLoopSetting"/> says what they wait on.</summary>
    Loops,

    /// <summary>Kestrel's transport for clients and .NET's sockets for backends, on loops that wait on a monitor; on every system.</summary>
    Transport,

    /// <summary>Kestrel's HTTP/1.1 in front of the engine, for comparison: it costs several times the CPU, and serves no upgrades.</summary>
    Kestrel,
}

internal static class HttpEngineExtensions
{
    /// <summary>What <see cref="HttpEngine.Auto"/> stands for here; the others for themselves.</summary>
    public static HttpEngine OnThisSystem(this HttpEngine engine) =>
        engine != HttpEngine.Auto ? engine : OperatingSystem.IsLinux() ? HttpEngine.Loops : HttpEngine.Transport;
}
