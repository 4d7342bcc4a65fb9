using System.Collections.Immutable;
using Gateway.Core.Balancing;
using Gateway.Core.Endpoints;
using Gateway.Core.Priorities;
using Gateway.Core.Zones;

namespace Gateway.Core.Pools;

/// <summary>
/// A pool at one moment: its settings, and the endpoints, priority levels and picker that were made from them. Immutable, and published with one write:
/// code that reads it once never combines old settings with a new picker.
/// </summary>
public sealed record PoolSnapshot
{
    private static readonly ZoneRouting NoEndpoints = new ZoneRouting.Off(ZonesOff.NoOwnZone, "the pool has no endpoints");

    /// <summary>The pool, with all that lives longer than its settings.</summary>
    public required Pool Pool { get; init; }

    /// <summary>The settings in force.</summary>
    public required PoolSettings Settings { get; init; }

    /// <summary>The configured settings, without operators' changes: see <see cref="Overrides.OverrideMap"/>.</summary>
    public required PoolSettings Configured { get; init; }

    /// <summary>The number of the policies in force: it grows when settings other than the endpoints change.</summary>
    public long Edition { get; init; }

    /// <summary>The endpoints, in the order of the settings. Empty until the router's first publication.</summary>
    public ImmutableArray<PoolMember> Members { get; init; } = [];

    /// <summary>Identifies the list of members: another object for each list that the router makes from settings.</summary>
    internal object Places { get; init; } = new();

    /// <summary>The priority levels of the picker, by priority; empty if the pool has no endpoints.</summary>
    public ImmutableArray<RoutedLevel> Levels { get; init; } = [];

    public Picker Picker { get; init; } = EmptyPicker.Instance;

    /// <summary>The zone routing in the first level with load, or why it is off.</summary>
    public ZoneRouting Zones => Levels.FirstOrDefault(level => level.Level.Load > 0)?.Zones ?? NoEndpoints;

    /// <summary>The number of members that can be picked, by their newest decisions.</summary>
    public int Available => Members.Count(static member => member.CanBePicked);

    /// <summary>Whether the other has the same members at the same places, with the same settings: only their standings may differ.</summary>
    public bool HasPlacesOf(PoolSnapshot other) => ReferenceEquals(Places, other.Places);

    /// <summary>Returns the endpoint's place in this snapshot; null if it is not in it.</summary>
    public PoolMember? Find(Endpoint endpoint) => Members.FirstOrDefault(member => member.Endpoint == endpoint);
}
