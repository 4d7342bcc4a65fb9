namespace Gateway.Node.Settings;

/// <summary>How the process ends.</summary>
public sealed record DrainSettings
{
    public static DrainSettings Default { get; } = new();

    /// <summary>
    /// After SIGTERM, how long to go on accepting while <c>/ready</c> says 503. Default 5 s, 0 to 1 h; it must outlast the check of
    /// the balancer in front, or that sends requests to a closed port.
    /// </summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long requests in flight may then take to finish. Default 30 s, 0 to 1 h; what is left is cut off.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
