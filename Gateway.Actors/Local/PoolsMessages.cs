using System.Collections.Immutable;
using Gateway.Core.Addressing;
using Gateway.Core.Pools;

namespace Gateway.Actors.Local;

/// <summary>
/// Command: sets the pools. Answered by <see cref="PoolsConfigured"/> when each has a picker, or by a failure
/// (<see cref="NotInForceException"/>) if one has none in time.
/// </summary>
public sealed record ConfigurePools(ImmutableArray<PoolSettings> Pools);

/// <summary>Command: forward an operator's command to an endpoint's actor; ignored if there is none.</summary>
public sealed record ToEndpoint(EndpointId Endpoint, EndpointCommand Command);

/// <summary>Answer to <see cref="ConfigurePools"/>: the pools in force, by name. A pool that stays is the same object as before.</summary>
public sealed record PoolsConfigured(ImmutableDictionary<string, Pool> Pools);
