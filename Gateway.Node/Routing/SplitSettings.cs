using System.Collections.Immutable;

namespace Gateway.Node.Routing;

/// <summary>Divides a route's requests between pools.</summary>
public sealed record SplitSettings
{
    /// <summary>At least one weight is not 0; each pool once.</summary>
    public required ImmutableArray<SplitShare> Pools { get; init; }

    /// <summary>The basis of the choice. Default random.</summary>
    public SplitKey By { get; init; }

    /// <summary>The name of the header field or cookie; null for the other kinds. Requests without it are divided at random.</summary>
    public string? Name { get; init; }
}

/// <param name="Pool">The name of an existing pool.</param>
/// <param name="Weight">Its share, relative to the others: 0 (none) to 1,000,000.</param>
public sealed record SplitShare(string Pool, int Weight);

/// <summary>The basis of choosing a request's share.</summary>
public enum SplitKey
{
    Random,

    /// <summary>The client's address; the forwarded one if the peer is a trusted proxy.</summary>
    Client,
    Header,
    Cookie,
}
