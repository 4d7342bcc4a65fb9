namespace Gateway.Node.Settings;

/// <summary>How the process shuts down.</summary>
public sealed record DrainSettings
{
    public static DrainSettings Default { get; } = new();

    /// <summary>
    /// After SIGTERM, how long to keep accepting while <c>/ready</c> returns 503. Default 5 s, 0 to 1 h; it must outlast the check interval of the balancer in
    /// front, which would otherwise send requests to a closed port.
    /// </summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long requests in flight may then take. Default 30 s, 0 to 1 h; the rest is cut off.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
