using System.Collections.Immutable;
using System.Net;

namespace Gateway.Node.Limiting;

/// <summary>Which clients are served, by address. Deny overrides allow.</summary>
public sealed record ClientSettings
{
    /// <summary>Default none: all that are not denied.</summary>
    public ImmutableArray<IPNetwork> Allow { get; init; } = [];

    /// <summary>Default none.</summary>
    public ImmutableArray<IPNetwork> Deny { get; init; } = [];
}
