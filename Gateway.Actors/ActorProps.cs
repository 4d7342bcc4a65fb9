using Akka.Actor;

namespace Gateway.Actors;

/// <summary>Says how an actor is made.</summary>
internal static class ActorProps
{
    public static Props Of<TActor>(Func<TActor> make)
        where TActor : ActorBase => Props.CreateBy(new Making<TActor>(make));
}
