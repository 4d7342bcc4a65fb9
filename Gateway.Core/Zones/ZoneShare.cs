namespace Gateway.Core.Zones;

/// <summary>One zone's share of this replica's requests, and its basis.</summary>
/// <param name="Zone">Null for the zone of endpoints without one.</param>
/// <param name="Replicas">Live gateways there.</param>
/// <param name="Healthy">The endpoints there that may be picked.</param>
/// <param name="Share">0 to 1; those of all zones sum to 1.</param>
public readonly record struct ZoneShare(string? Zone, int Replicas, int Healthy, double Share);
