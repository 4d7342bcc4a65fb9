namespace Gateway.Actors.Supervision;

/// <summary>
/// Event, on the event stream of the system <c>gateway</c>: an actor has been restarted after a crash. Recent messages to it may be
/// lost, so their senders send its state again.
/// </summary>
public sealed record ActorRestored(string Kind);
