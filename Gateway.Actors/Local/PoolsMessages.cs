using System.Collections.Immutable;
using Gateway.Core.Addressing;
using Gateway.Core.Pools;

namespace Gateway.Actors.Local;

/// <summary>
/// Command: these are the pools from now on. Answered by <see cref="PoolsConfigured"/> when each has a picker, by a failure
/// (<see cref="NotInForceException"/>) when one of them has none in time.
/// </summary>
public sealed record ConfigurePools(ImmutableArray<PoolSettings> Pools);

/// <summary>Command: pass this on to the actor of an endpoint; nothing happens if there is none.</summary>
public sealed record ToEndpoint(EndpointId Endpoint, object Message);

/// <summary>Event: the pools in force, by name. One that stays is the same object as before.</summary>
public sealed record PoolsConfigured(ImmutableDictionary<string, Pool> Pools);
