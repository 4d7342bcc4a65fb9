using System.Collections.Immutable;
using Gateway.Core.Balancing;
using Gateway.Core.Endpoints;
using Gateway.Core.Overload;
using Gateway.Core.Priorities;
using Gateway.Core.Retrying;
using Gateway.Core.Zones;

namespace Gateway.Core.Pools;

/// <summary>
/// A running pool, as seen by requests: the newest picker, the policies, the retry budget. Only the pool's router writes to it;
/// it outlives restarts of the router, and so do positions, latency memory and open leases.
/// </summary>
public sealed class Pool(PoolSettings settings)
{
    private Picker _picker = EmptyPicker.Instance;
    private LevelList _levels = new([]);
    private Edition _edition = new(settings, 0);
    private PoolSettings _configured = settings;
    private EndpointList _endpoints = new([]);

    public string Name { get; } = settings.Name;

    public RetryBudget RetryBudget { get; } = new();

    /// <summary>The adaptive limit on waiting requests, if the settings have one.</summary>
    public ConcurrencyLimiter Concurrency { get; } = new();

    /// <summary>The balancing state kept from one picker to the next. Used by the router only.</summary>
    public PriorityPickerBuilder Balancing { get; } = new();

    public Picker Picker
    {
        get => Volatile.Read(ref _picker);
        set => Volatile.Write(ref _picker, value);
    }

    /// <summary>The priority levels of the newest picker, by priority; empty if the pool has no endpoints.</summary>
    public ImmutableArray<RoutedLevel> Levels
    {
        get => Volatile.Read(ref _levels).Items;
        set => Volatile.Write(ref _levels, new(value));
    }

    /// <summary>The zone routing of the newest picker in the first level with load, or why it is off.</summary>
    public ZoneRouting Zones => Volatile.Read(ref _levels).Zones;

    /// <summary>The settings in force.</summary>
    public PoolSettings Settings
    {
        get => Volatile.Read(ref _edition).Settings;
        set => Volatile.Write(ref _edition, new(value, _edition.Number + 1));
    }

    /// <summary>The settings in force, and the number of those before them.</summary>
    public Edition Edition => Volatile.Read(ref _edition);

    /// <summary>The configured settings, without operators' changes: see <see cref="Overrides.OverrideMap"/>.</summary>
    public PoolSettings Configured
    {
        get => Volatile.Read(ref _configured);
        set => Volatile.Write(ref _configured, value);
    }

    /// <summary>The endpoints, in the order of the configuration.</summary>
    public ImmutableArray<Endpoint> Endpoints
    {
        get => Volatile.Read(ref _endpoints).Items;
        set => Volatile.Write(ref _endpoints, new(value));
    }

    /// <summary>A reference type, so that it can be read and written atomically.</summary>
    private sealed record EndpointList(ImmutableArray<Endpoint> Items);

    private sealed record LevelList(ImmutableArray<RoutedLevel> Items)
    {
        private static readonly ZoneRouting Unpublished = new ZoneRouting.Off(ZonesOff.NoOwnZone, "the pool has no endpoints");

        public ZoneRouting Zones { get; } = Items.FirstOrDefault(level => level.Level.Load > 0)?.Zones ?? Unpublished;
    }
}
