namespace Gateway.Actors.Supervision;

/// <summary>
/// Event, on the event stream of the system <c>gateway</c>: an actor that others have told things to crashed and runs again. What it was told last may be
/// lost, so whoever keeps it informed tells it anew.
/// </summary>
public sealed record ActorRestored(string Kind);
