namespace Gateway.Core.Pools;

/// <summary>Which Host field the backend gets.</summary>
/// <param name="Mode">Where it comes from.</param>
/// <param name="Value">The field itself, for <see cref="HostMode.Fixed"/>.</param>
public sealed record HostPolicy(HostMode Mode, string? Value = null)
{
    public static HostPolicy Preserve { get; } = new(HostMode.Preserve);
}

public enum HostMode
{
    /// <summary>The client's, unchanged (the default).</summary>
    Preserve,

    /// <summary>The endpoint's own host and port.</summary>
    Endpoint,

    /// <summary>A value of the configuration.</summary>
    Fixed,
}
