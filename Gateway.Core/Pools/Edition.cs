namespace Gateway.Core.Pools;

/// <summary>Settings of a pool, and the number of settings in force before them.</summary>
public sealed record Edition(PoolSettings Settings, long Number);
