using Akka.Actor;

namespace Gateway.Actors;

/// <summary>
/// Makes an actor, and makes it again after a fault, by calling a function. <see cref="Props.Create{TActor}(System.Linq.Expressions.Expression{Func{TActor}}, SupervisorStrategy)"/>
/// compiles an expression for the same, each time that it is called.
/// </summary>
internal sealed class Making<TActor>(Func<TActor> make) : IIndirectActorProducer
    where TActor : ActorBase
{
    public Type ActorType => typeof(TActor);

    public ActorBase Produce() => make();

    public void Release(ActorBase actor)
    {
    }
}
