using System.Collections.Immutable;
using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster;

/// <summary>Asks a replica who it is and which cluster it is in. Answered by <see cref="ReplicaReport"/>.</summary>
public sealed record AskReplica : IWireMessage;

/// <param name="Name">The gateway id of the one who answers.</param>
/// <param name="Cluster">The cluster that it is in.</param>
public sealed record ReplicaReport(string Name, ClusterReport Cluster) : IWireMessage;

/// <summary>What is said to <see cref="ClusterActor"/> out of one life of this replica in the cluster; it says nothing about the next.</summary>
internal interface IAboutLife
{
    /// <summary>This replica, in that life.</summary>
    ReplicaId Life { get; }
}

/// <summary>Event: that replica has answered.</summary>
internal sealed record ReplicaReported(ReplicaId Life, ReplicaId From, ReplicaReport Report) : IAboutLife;

/// <summary>Event: the members as Akka has them. Names are not known to Akka; addresses stand in for them.</summary>
internal sealed record MembersSeen(ReplicaId Life, ImmutableArray<Replica> Members, ReplicaId? Oldest, ReplicaId? Leader) : IAboutLife;

/// <summary>Event: another replica refuses this one, having removed it from the cluster.</summary>
internal sealed record Refused(ReplicaId Life, string By) : IAboutLife;

/// <summary>Command to <see cref="LinkActor"/>: ask whoever is at that cluster address.</summary>
internal sealed record AskAddress(string Address);

/// <summary>Command to <see cref="LinkActor"/>: this is the cluster now; null: none.</summary>
internal sealed record FollowView(ClusterView? View);
