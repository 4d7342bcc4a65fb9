using System.Collections.Immutable;

namespace Gateway.Node.Routing;

/// <summary>Divides a route's requests between pools.</summary>
public sealed record SplitSettings
{
    /// <summary>At least one weight is not 0; each pool once.</summary>
    public required ImmutableArray<SplitShare> Pools { get; init; }

    /// <summary>What decides. Default chance.</summary>
    public SplitKey By { get; init; }

    /// <summary>The header field or the cookie that decides; null with the other kinds. A request without it goes by chance.</summary>
    public string? Name { get; init; }
}

/// <param name="Pool">The name of a pool that exists.</param>
/// <param name="Weight">Its part, relative to the others: 0 (none) to 1,000,000.</param>
public sealed record SplitShare(string Pool, int Weight);

/// <summary>What decides to which share a request goes.</summary>
public enum SplitKey
{
    Random,

    /// <summary>The client's address: the forwarded one where the peer is a trusted proxy.</summary>
    Client,
    Header,
    Cookie,
}
