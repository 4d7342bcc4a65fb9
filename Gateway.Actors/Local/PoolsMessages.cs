using System.Collections.Immutable;
using Gateway.Core.Pools;

namespace Gateway.Actors.Local;

/// <summary>Command: these are the pools from now on. Answered by <see cref="PoolsConfigured"/> when each has a picker.</summary>
public sealed record ConfigurePools(ImmutableArray<PoolSettings> Pools);

/// <summary>Event: the pools in force, by name. One that stays is the same object as before.</summary>
public sealed record PoolsConfigured(ImmutableDictionary<string, Pool> Pools);
