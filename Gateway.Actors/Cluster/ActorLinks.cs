using Akka.Actor;
using Akka.Event;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Cluster;

/// <summary>The ways out of the cluster's system into the gateway's. Both may be used from any thread.</summary>
/// <param name="Owner">The <see cref="ClusterActor"/>.</param>
/// <param name="Gateway">The event stream on which messages of other replicas are published.</param>
/// <param name="Observer">Counts messages.</param>
/// <param name="Loggers">Where transitions are logged.</param>
internal sealed record ActorLinks(IActorRef Owner, EventStream Gateway, IClusterObserver Observer, ILoggerFactory Loggers);
