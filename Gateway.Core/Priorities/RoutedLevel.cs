using System.Collections.Immutable;
using Gateway.Core.Balancing;
using Gateway.Core.Zones;

namespace Gateway.Core.Priorities;

/// <summary>A level of a pool in the newest picker.</summary>
/// <param name="Zones">Whether and how its requests are routed by zone.</param>
public sealed record RoutedLevel(PriorityLevel Level, ZoneRouting Zones)
{
    private static readonly ZoneRouting NoZones = new ZoneRouting.Off(ZonesOff.NoOwnZone, "zones do not apply here");

    /// <summary>Returns the levels of a pool without a router: no panic, no zone routing.</summary>
    public static ImmutableArray<RoutedLevel> Of(IReadOnlyList<Candidate> members) =>
        [.. PrioritySplit.Decide(members, panicThreshold: 0).Select(level => new RoutedLevel(level, NoZones))];
}
