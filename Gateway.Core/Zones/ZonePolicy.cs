namespace Gateway.Core.Zones;

/// <summary>The settings for keeping a pool's requests in the replica's own zone.</summary>
public sealed record ZonePolicy
{
    public static ZonePolicy Default { get; } = new();

    /// <summary>
    /// The number of healthy endpoints below which zone routing is off. Default 3, 1 to 10,000: with few endpoints the zones' shares
    /// are coarse, and a failing one takes much of its zone along.
    /// </summary>
    public int MinEndpoints { get; init; } = 3;
}
