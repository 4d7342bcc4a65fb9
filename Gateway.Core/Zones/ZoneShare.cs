namespace Gateway.Core.Zones;

/// <summary>What of this replica's requests goes to one zone, and what that was worked out from.</summary>
/// <param name="Zone">Null: the zone that endpoints without one form.</param>
/// <param name="Replicas">Live gateways there.</param>
/// <param name="Healthy">Endpoints there that may be picked.</param>
/// <param name="Share">0 to 1; those of all zones sum to 1.</param>
public readonly record struct ZoneShare(string? Zone, int Replicas, int Healthy, double Share);
