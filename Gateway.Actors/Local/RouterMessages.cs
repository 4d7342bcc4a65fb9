namespace Gateway.Actors.Local;

/// <summary>Command: take up the pool's settings and publish a picker. Answered by <see cref="PoolReconfigured"/>.</summary>
/// <param name="Revision">Comes back in the answer. The same or an older one can come again.</param>
public sealed record ReconfigurePool(long Revision);

/// <summary>Event: the cluster has changed, or it is long enough ago that it shrank. What depends on it is to be worked out anew.</summary>
public sealed record ReplicasChanged;

/// <summary>Event: a picker by the pool's present settings is published.</summary>
public sealed record PoolReconfigured(string Pool, long Revision);
