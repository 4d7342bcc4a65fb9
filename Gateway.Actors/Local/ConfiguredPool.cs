using Gateway.Core.Pools;

namespace Gateway.Actors.Local;

/// <summary>A pool, and the settings last sent to its router, which alone applies them to the pool.</summary>
/// <param name="Configured">The configured settings.</param>
/// <param name="Settings">The same with operators' changes.</param>
internal sealed record ConfiguredPool(Pool Pool, PoolSettings Configured, PoolSettings Settings);
