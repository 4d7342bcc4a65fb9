using Akka.Actor;
using Gateway.Actors.Surroundings;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Supervision;

/// <summary>Creates the props of keepers.</summary>
public sealed class Keepers(Vitals vitals, ActorClock clock, ILoggerFactory loggers)
{
    /// <summary>Returns the props of a keeper of one actor.</summary>
    public Props Of(string kind, Props kept) => ActorProps.Of(() => new KeeperActor(kind, kept, vitals, clock, loggers));
}
