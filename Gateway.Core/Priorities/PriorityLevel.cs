namespace Gateway.Core.Priorities;

/// <summary>The endpoints of one priority in a pool, and their share of the pool's requests.</summary>
/// <param name="Priority">0 (first) to 15.</param>
/// <param name="Endpoints">The number of endpoints, draining ones included.</param>
/// <param name="Healthy">The number of healthy endpoints.</param>
/// <param name="Load">Percent of the pool's requests, 0 to 100; those of all levels sum to 100.</param>
/// <param name="Panic">Whether so few are healthy that all but the draining ones are used.</param>
public sealed record PriorityLevel(int Priority, int Endpoints, int Healthy, int Load, bool Panic);
