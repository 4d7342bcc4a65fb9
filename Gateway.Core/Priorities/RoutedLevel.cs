using System.Collections.Immutable;
using Gateway.Core.Balancing;
using Gateway.Core.Zones;

namespace Gateway.Core.Priorities;

/// <summary>A level of a pool as the newest picker has it.</summary>
/// <param name="Zones">Whether its requests go by zone, and how.</param>
public sealed record RoutedLevel(PriorityLevel Level, ZoneRouting Zones)
{
    private static readonly ZoneRouting NoZones = new ZoneRouting.Off(ZonesOff.NoOwnZone, "zones do not count here");

    /// <summary>The levels of a pool that no router cares for: nobody panics, and zones do not count.</summary>
    public static ImmutableArray<RoutedLevel> Of(IReadOnlyList<Candidate> members) =>
        [.. PrioritySplit.Decide(members, panicThreshold: 0).Select(level => new RoutedLevel(level, NoZones))];
}
