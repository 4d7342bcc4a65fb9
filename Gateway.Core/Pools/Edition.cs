namespace Gateway.Core.Pools;

/// <summary>Settings of a pool, and how many were in force before them since the pool was made.</summary>
public sealed record Edition(PoolSettings Settings, long Number);
