using Gateway.Actors.Surroundings;
using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster;

/// <summary>
/// Event, on the event stream of the system <c>gateway</c>: the cluster is seen differently. Whoever subscribes reads
/// <see cref="ClusterViews.Current"/> afterwards, for what was published before.
/// </summary>
public sealed record ClusterChanged(ClusterView View);

/// <summary>
/// Command to <see cref="ClusterActor"/>: tell that replica. Dropped when it is gone or cannot be reached; messages that arrive do so in
/// the order they were sent.
/// </summary>
public sealed record SendToReplica(ReplicaId To, IWireMessage Message);

/// <summary>Command to <see cref="ClusterActor"/>: tell every other replica that can be reached, sidecars too.</summary>
public sealed record SendToAll(IWireMessage Message);

/// <summary>Command to <see cref="ClusterActor"/>: leave the cluster for good. Answered by <see cref="ClusterLeft"/>.</summary>
public sealed record LeaveCluster;

/// <summary>Event: this replica is in no cluster, and will join none.</summary>
public sealed record ClusterLeft;

/// <summary>Event, on the event stream of the system <c>gateway</c>: another replica, which need not be in the newest view, has said this.</summary>
public sealed record FromReplica(ReplicaId From, IWireMessage Message);
