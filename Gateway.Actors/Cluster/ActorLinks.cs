using Akka.Actor;
using Akka.Event;
using Gateway.Actors.Supervision;
using Gateway.Actors.Surroundings;
using Microsoft.Extensions.Logging;

namespace Gateway.Actors.Cluster;

/// <summary>The links from the cluster's system to the gateway's. All are thread-safe.</summary>
/// <param name="Owner">The <see cref="ClusterActor"/>.</param>
/// <param name="Gateway">The event stream for messages of other replicas.</param>
/// <param name="Observer">Counts messages.</param>
/// <param name="Keepers">Creates the keepers of the cluster's system.</param>
/// <param name="Loggers">Creates the loggers for transitions.</param>
internal sealed record ActorLinks(IActorRef Owner, EventStream Gateway, IClusterObserver Observer, Keepers Keepers, ILoggerFactory Loggers);
