using Akka.Actor;

namespace Gateway.Actors;

/// <summary>Creates the props of actors.</summary>
internal static class ActorProps
{
    public static Props Of<TActor>(Func<TActor> make)
        where TActor : ActorBase => Props.CreateBy(new DelegateProducer<TActor>(make));
}
