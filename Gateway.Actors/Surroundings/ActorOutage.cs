namespace Gateway.Actors.Surroundings;

/// <summary>An actor that has ended and is not recreated yet.</summary>
/// <param name="Kind">Such as <c>evidence</c>, <c>router</c>, <c>endpoint</c>: a bounded set.</param>
/// <param name="Name">Its pool or endpoint; the kind if there is only one.</param>
/// <param name="Since">The start, by the replica's monotonic clock.</param>
/// <param name="Why">The reason, for display.</param>
public sealed record ActorOutage(string Kind, string Name, TimeSpan Since, string Why);
