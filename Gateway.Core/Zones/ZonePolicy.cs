namespace Gateway.Core.Zones;

/// <summary>When a pool's requests stay in the replica's own zone.</summary>
public sealed record ZonePolicy
{
    public static ZonePolicy Default { get; } = new();

    /// <summary>
    /// Healthy endpoints below which zones do not count. Default 3, 1 to 10,000: with few endpoints the shares of the zones are coarse,
    /// and one that fails takes much of its zone along.
    /// </summary>
    public int MinEndpoints { get; init; } = 3;
}
