using System.Collections.Immutable;
using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster;

/// <summary>Asks a replica who it is and which cluster it is in, saying the same of the asker's. Answered by <see cref="ReplicaReport"/>.</summary>
/// <param name="Size">Gateways of the asker's cluster that it hears from. 0: it is in none.</param>
/// <param name="Oldest">The oldest of them; null: it is in none.</param>
/// <param name="Member">The uid of the member that the asker's cluster has at the address asked; 0: none.</param>
public sealed record AskReplica(int Size, ReplicaId? Oldest, long Member) : IWireMessage
{
    /// <summary>The question to whoever is at an address.</summary>
    /// <param name="view">The asker's cluster; null: none.</param>
    public static AskReplica Of(ClusterView? view, string address) => view is null
        ? new(0, null, 0)
        : new(view.ReachableGateways.Length, view.Oldest, view.Replicas.FirstOrDefault(r => r.Id.Address == address)?.Id.Uid ?? 0);

    /// <summary>What the question says to the replica that is asked.</summary>
    public ClusterReport To(ReplicaId receiver) => new(Size, Oldest, Member == receiver.Uid);
}

/// <param name="Name">The gateway id of the one who answers.</param>
/// <param name="Cluster">The cluster that it is in.</param>
/// <param name="Protocol">The version of the messages that it writes (see <see cref="Wire.WireProtocol"/>).</param>
public sealed record ReplicaReport(string Name, ClusterReport Cluster, int Protocol) : IWireMessage;

/// <summary>What is said to <see cref="ClusterActor"/> out of one life of this replica in the cluster; it says nothing about the next.</summary>
internal interface IAboutLife
{
    /// <summary>This replica, in that life.</summary>
    ReplicaId Life { get; }
}

/// <summary>Event: the link is there, again after a crash, and knows of no other replica.</summary>
internal sealed record LinkStarted(ReplicaId Life) : IAboutLife;

/// <summary>Event: that replica has asked, and said this of its cluster.</summary>
internal sealed record ReplicaAsked(ReplicaId Life, ReplicaId From, ClusterReport Cluster) : IAboutLife;

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
