using Akka.Actor;

namespace Gateway.Actors;

/// <summary>
/// Creates an actor, and recreates it after a fault, by calling a function. <see cref="Props.Create{TActor}(System.Linq.Expressions.Expression{Func{TActor}}, SupervisorStrategy)"/>
/// compiles an expression for that on each call.
/// </summary>
internal sealed class DelegateProducer<TActor>(Func<TActor> make) : IIndirectActorProducer
    where TActor : ActorBase
{
    public Type ActorType => typeof(TActor);

    public ActorBase Produce() => make();

    public void Release(ActorBase actor)
    {
    }
}
