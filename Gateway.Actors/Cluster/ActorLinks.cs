using Akka.Actor;
using Akka.Event;
using Gateway.Actors.Surroundings;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Cluster;

/// <summary>The links from the cluster's system to the gateway's. All are thread-safe.</summary>
/// <param name="Owner">The <see cref="ClusterActor"/>.</param>
/// <param name="Gateway">The event stream for messages of other replicas.</param>
/// <param name="Environment">The services of the process for the actors of both systems.</param>
internal sealed record ActorLinks(IActorRef Owner, EventStream Gateway, ActorEnvironment Environment)
{
    /// <summary>Counts messages.</summary>
    public IClusterObserver Observer => Environment.ClusterObserver;

    /// <summary>The logger factory for transitions.</summary>
    public ILoggerFactory Loggers => Environment.Loggers;
}
