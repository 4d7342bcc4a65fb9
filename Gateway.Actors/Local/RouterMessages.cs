using Gateway.Core.Pools;

namespace Gateway.Actors.Local;

/// <summary>Command: apply these settings and publish a picker for them. Answered by <see cref="PoolReconfigured"/>.</summary>
/// <param name="Revision">Returned in the answer. The same can arrive again.</param>
/// <param name="Settings">The settings in force from now on.</param>
/// <param name="Configured">The same without operators' changes.</param>
public sealed record ReconfigurePool(long Revision, PoolSettings Settings, PoolSettings Configured);

/// <summary>Event: the cluster has changed, or shrank long enough ago. Update everything that depends on it.</summary>
public sealed record ReplicasChanged;

/// <summary>Event: a picker for the pool's settings of this revision is published.</summary>
public sealed record PoolReconfigured(string Pool, long Revision);
