using Akka.Actor;
using Gateway.Actors.Surroundings;
using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster;

/// <summary>The other replicas: the newest view of them, and the way to send to them. Any thread may use it.</summary>
/// <param name="cluster">The <see cref="ClusterActor"/>.</param>
public sealed class Peers(IActorRef cluster, ClusterViews views)
{
    /// <summary>The newest view of the cluster.</summary>
    public ClusterView View => views.Current;

    /// <summary>See <see cref="SendToReplica"/>.</summary>
    public void Send(ReplicaId to, IReplicaMessage message) => cluster.Tell(new SendToReplica(to, message));

    /// <summary>See <see cref="Cluster.SendToAll"/>.</summary>
    public void SendToAll(IReplicaMessage message) => cluster.Tell(new SendToAll(message));
}
