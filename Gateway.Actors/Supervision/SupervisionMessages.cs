using Akka.Actor;

namespace Gateway.Actors.Supervision;

/// <summary>
/// Command to a <see cref="KeeperActor"/> that was created without an actor: keep one from now on. Messages that came before are queued until it runs.
/// </summary>
public sealed record KeepActor(Props Kept);

/// <summary>
/// Event, on the event stream of the system <c>gateway</c>: an actor has been restarted after a crash. Recent messages to it may be
/// lost, so their senders send its state again.
/// </summary>
public sealed record ActorRestored(string Kind);
