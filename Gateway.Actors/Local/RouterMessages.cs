namespace Gateway.Actors.Local;

/// <summary>Command: apply the pool's settings and publish a picker. Answered by <see cref="PoolReconfigured"/>.</summary>
/// <param name="Revision">Returned in the answer. The same or an older one can arrive again.</param>
public sealed record ReconfigurePool(long Revision);

/// <summary>Event: the cluster has changed, or shrank long enough ago. Update everything that depends on it.</summary>
public sealed record ReplicasChanged;

/// <summary>Event: a picker for the pool's current settings is published.</summary>
public sealed record PoolReconfigured(string Pool, long Revision);
