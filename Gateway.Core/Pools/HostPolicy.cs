namespace Gateway.Core.Pools;

/// <summary>The Host field sent to the backend.</summary>
/// <param name="Mode">Its source.</param>
/// <param name="Value">The value, for <see cref="HostMode.Fixed"/>.</param>
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

    /// <summary>A configured value.</summary>
    Fixed,
}
