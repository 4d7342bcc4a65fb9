using System.Collections.Immutable;
using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster;

/// <summary>A message between the links of two replicas, by which they discover each other.</summary>
public interface ILinkMessage : IWireMessage;

/// <summary>Asks a replica for its name and cluster, and tells it the asker's cluster. Answered by <see cref="ReplicaReport"/>.</summary>
/// <param name="Size">The reachable gateways of the asker's cluster. 0 if it is in none.</param>
/// <param name="Oldest">The oldest of them; null if it is in none.</param>
/// <param name="Member">The uid of the member of the asker's cluster at this address; 0 if none.</param>
public sealed record AskReplica(int Size, ReplicaId? Oldest, long Member) : ILinkMessage
{
    /// <summary>Creates the question to the replica at an address.</summary>
    /// <param name="view">The asker's cluster; null if none.</param>
    public static AskReplica Of(ClusterView? view, HostPort address) => view is null
        ? new(0, null, 0)
        : new(view.ReachableGateways.Length, view.Oldest, view.Replicas.FirstOrDefault(r => r.Id.ClusterAddress == address)?.Id.Uid ?? 0);

    /// <summary>Returns the asker's report, for the replica asked.</summary>
    public ClusterReport To(ReplicaId receiver) => new(Size, Oldest, Member == receiver.Uid);
}

/// <param name="Name">The gateway id of the sender.</param>
/// <param name="Cluster">The sender's cluster.</param>
/// <param name="Protocol">The version of the messages it writes (see <see cref="WireProtocol"/>).</param>
public sealed record ReplicaReport(string Name, ClusterReport Cluster, int Protocol) : ILinkMessage;

/// <summary>A message to <see cref="ClusterActor"/> from one incarnation of this replica in the cluster; it does not apply to the next.</summary>
internal interface IAboutLife
{
    /// <summary>The id of that incarnation.</summary>
    ReplicaId Life { get; }
}

/// <summary>Event: the link has started, or restarted after a crash, and knows no other replica.</summary>
internal sealed record LinkStarted(ReplicaId Life) : IAboutLife;

/// <summary>Event: another replica has asked, with a report on its cluster.</summary>
internal sealed record ReplicaAsked(ReplicaId Life, ReplicaId From, ClusterReport Cluster) : IAboutLife;

/// <summary>Event: another replica has answered.</summary>
internal sealed record ReplicaReported(ReplicaId Life, ReplicaId From, ReplicaReport Report) : IAboutLife;

/// <summary>Event: the members according to Akka. Akka does not know their names, so addresses stand in.</summary>
internal sealed record MembersSeen(ReplicaId Life, ImmutableArray<Replica> Members, ReplicaId? Oldest, ReplicaId? Leader) : IAboutLife;

/// <summary>Event: another replica refuses this one as removed from the cluster.</summary>
internal sealed record Refused(ReplicaId Life, string By) : IAboutLife;

/// <summary>Command to <see cref="LinkActor"/>: ask the replica at a cluster address.</summary>
internal sealed record AskAddress(HostPort Address);

/// <summary>Command to <see cref="LinkActor"/>: sets the current view; null if none.</summary>
internal sealed record FollowView(ClusterView? View);
