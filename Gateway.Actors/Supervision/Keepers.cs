using System.Runtime.CompilerServices;
using Akka.Actor;
using Gateway.Actors.Surroundings;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Supervision;

/// <summary>Creates the props of keepers.</summary>
public sealed class Keepers(Vitals vitals, ActorClock clock, ILoggerFactory loggers)
{
    /// <summary>Returns the props of a keeper of one actor.</summary>
    /// <param name="kept">The props of the actor; null if the keeper's address is needed before: a <see cref="KeepActor"/> then follows.</param>
    public Props Of(string kind, Props? kept)
    {
        var props = new StrongBox<Props?>(kept);
        return ActorProps.Of(() => new KeeperActor(kind, props, vitals, clock, loggers));
    }
}
