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
public sealed record SendToReplica(ReplicaId To, IWireMessage Message);

/// <summary>Command to <see cref="ClusterActor"/>: send a message to every other reachable replica, sidecars included.</summary>
public sealed record SendToAll(IWireMessage Message);

/// <summary>Command to <see cref="ClusterActor"/>: leave the cluster permanently. Answered by <see cref="ClusterLeft"/>.</summary>
public sealed record LeaveCluster;

/// <summary>Event: this replica is in no cluster, and will not join one.</summary>
public sealed record ClusterLeft;

/// <summary>Event, on the event stream of the system <c>gateway</c>: a message from another replica, which may not be in the newest view.</summary>
public sealed record FromReplica(ReplicaId From, IWireMessage Message);
