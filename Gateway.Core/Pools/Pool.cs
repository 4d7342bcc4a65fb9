using System.Collections.Immutable;
using Gateway.Core.Balancing;
using Gateway.Core.Endpoints;
using Gateway.Core.Overload;
using Gateway.Core.Priorities;
using Gateway.Core.Retrying;
using Gateway.Core.Zones;

namespace Gateway.Core.Pools;

/// <summary>
/// A running pool, as requests see it: the newest picker, the policies, the retry budget. The pool's router is the only writer;
/// it outlives restarts of the router, so positions, latency memory and open leases do too.
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

    /// <summary>The requests that wait for their answer, where the settings limit them.</summary>
    public ConcurrencyLimiter Concurrency { get; } = new();

    /// <summary>What survives from one picker to the next. Only the router touches it.</summary>
    public PriorityPickerBuilder Balancing { get; } = new();

    public Picker Picker
    {
        get => Volatile.Read(ref _picker);
        set => Volatile.Write(ref _picker, value);
    }

    /// <summary>The priorities that the newest picker divides requests between, by priority; empty: the pool has no endpoints.</summary>
    public ImmutableArray<RoutedLevel> Levels
    {
        get => Volatile.Read(ref _levels).Items;
        set => Volatile.Write(ref _levels, new(value));
    }

    /// <summary>Whether the newest picker goes by zone in the first level that has load, and why not.</summary>
    public ZoneRouting Zones => Volatile.Read(ref _levels).Zones;

    /// <summary>What is in force.</summary>
    public PoolSettings Settings
    {
        get => Volatile.Read(ref _edition).Settings;
        set => Volatile.Write(ref _edition, new(value, _edition.Number + 1));
    }

    /// <summary>What is in force, and how many were before them.</summary>
    public Edition Edition => Volatile.Read(ref _edition);

    /// <summary>What the settings say, without what operators have said since: see <see cref="Overrides.OverrideMap"/>.</summary>
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

    /// <summary>A reference, so that it can be read and written at once.</summary>
    private sealed record EndpointList(ImmutableArray<Endpoint> Items);

    private sealed record LevelList(ImmutableArray<RoutedLevel> Items)
    {
        private static readonly ZoneRouting Unpublished = new ZoneRouting.Off(ZonesOff.NoOwnZone, "the pool has no endpoints");

        public ZoneRouting Zones { get; } = Items.FirstOrDefault(level => level.Level.Load > 0)?.Zones ?? Unpublished;
    }
}
