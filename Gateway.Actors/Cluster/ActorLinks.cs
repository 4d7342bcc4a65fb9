using Akka.Actor;
using Akka.Event;
using Gateway.Actors.Surroundings;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Cluster;

/// <summary>The ways out of the cluster's system into the gateway's. Both may be used from any thread.</summary>
/// <param name="Owner">The <see cref="ClusterActor"/>.</param>
/// <param name="Gateway">The event stream on which messages of other replicas are published.</param>
/// <param name="Environment">What the actors of either system use of the process.</param>
internal sealed record ActorLinks(IActorRef Owner, EventStream Gateway, ActorEnvironment Environment)
{
    /// <summary>Counts messages.</summary>
    public IClusterObserver Observer => Environment.ClusterObserver;

    /// <summary>Where transitions are logged.</summary>
    public ILoggerFactory Loggers => Environment.Loggers;
}
