namespace Gateway.Actors.Local;

/// <summary>Command: take up the pool's settings and publish a picker. Answered by <see cref="PoolReconfigured"/>.</summary>
public sealed record ReconfigurePool;

/// <summary>Event: a picker by the pool's present settings is published.</summary>
public sealed record PoolReconfigured(string Pool);
