namespace Gateway.Core.Priorities;

/// <summary>The endpoints of one priority in a pool, and the share of the pool's requests that is meant for them.</summary>
/// <param name="Priority">0 is asked first, 15 last.</param>
/// <param name="Endpoints">How many there are, those that drain among them.</param>
/// <param name="Healthy">How many of them count as healthy.</param>
/// <param name="Load">Percent of the pool's requests, 0 to 100; those of all levels sum to 100.</param>
/// <param name="Panic">Whether so few are healthy that all but the draining ones are used.</param>
public sealed record PriorityLevel(int Priority, int Endpoints, int Healthy, int Load, bool Panic);
