namespace Gateway.Core.Membership;

/// <summary>A replica's report on its own cluster, sent in a question or an answer between replicas.</summary>
/// <param name="Size">
/// The gateways of its cluster that are reachable, itself included. 0 if it is in none.
/// </param>
/// <param name="Oldest">The oldest of them; null if it is in none.</param>
/// <param name="KnowsReceiver">Whether the receiver is a member there.</param>
public sealed record ClusterReport(int Size, ReplicaId? Oldest, bool KnowsReceiver)
{
    /// <summary>The report of a replica that is in no cluster yet.</summary>
    public static readonly ClusterReport None = new(0, null, KnowsReceiver: false);

    /// <summary>Creates a member's report.</summary>
    public static ClusterReport Of(ClusterView view, ReplicaId receiver) =>
        new(view.ReachableGateways.Length, view.Oldest, view.Find(receiver) is not null);
}
