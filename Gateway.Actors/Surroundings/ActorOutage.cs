namespace Gateway.Actors.Surroundings;

/// <summary>An actor that ought to run and does not, until it is made again.</summary>
/// <param name="Kind">Such as <c>evidence</c>, <c>router</c>, <c>endpoint</c>: a bounded set.</param>
/// <param name="Name">Which of them: the pool, the endpoint; where there is only one, the kind.</param>
/// <param name="Since">By the replica's monotonic clock.</param>
/// <param name="Why">For people.</param>
public sealed record ActorOutage(string Kind, string Name, TimeSpan Since, string Why);
