using Gateway.Actors.Surroundings;
using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster;

/// <summary>
/// Event, on the event stream of the system <c>gateway</c>: the view of the cluster has changed. After subscribing, read
/// <see cref="ClusterViews.Current"/> for earlier changes.
/// </summary>
public sealed record ClusterChanged(ClusterView View);

/// <summary>
/// Command to <see cref="ClusterActor"/>: send a message to a replica. Dropped if the replica is gone or unreachable; messages arrive in
/// the order they were sent.
/// </summary>
public sealed record SendToReplica(ReplicaId To, IReplicaMessage Message);

/// <summary>Command to <see cref="ClusterActor"/>: send a message to every other reachable replica, sidecars included.</summary>
public sealed record SendToAll(IReplicaMessage Message);

/// <summary>Command to <see cref="ClusterActor"/>: leave the cluster permanently. Answered by <see cref="ClusterLeft"/>.</summary>
public sealed record LeaveCluster;

/// <summary>Event: this replica is in no cluster, and will not join one.</summary>
public sealed record ClusterLeft;

/// <summary>Event, on the event stream of the system <c>gateway</c>: a message from another replica, which may not be in the newest view.</summary>
public abstract record FromReplica(ReplicaId From);

/// <summary>Event: a message of one family. Subscribe to this one: each family is handled by one actor.</summary>
public sealed record FromReplica<TFamily>(ReplicaId From, TFamily Message) : FromReplica(From)
    where TFamily : IReplicaMessage;
