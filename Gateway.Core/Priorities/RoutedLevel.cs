using Gateway.Core.Zones;

namespace Gateway.Core.Priorities;

/// <summary>A level of a pool in the newest picker.</summary>
/// <param name="Zones">Whether and how its requests are routed by zone.</param>
public sealed record RoutedLevel(PriorityLevel Level, ZoneRouting Zones);
