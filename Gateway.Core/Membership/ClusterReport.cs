namespace Gateway.Core.Membership;

/// <summary>What one replica tells another about the cluster that it is in, asking or asked.</summary>
/// <param name="Size">Gateways of its cluster that it hears from, itself among them. 0: it is in none.</param>
/// <param name="Oldest">The oldest of them; null: it is in none.</param>
/// <param name="KnowsReceiver">Whether the replica that is told this is a member there.</param>
public sealed record ClusterReport(int Size, ReplicaId? Oldest, bool KnowsReceiver)
{
    /// <summary>The report of a replica that is in no cluster yet.</summary>
    public static readonly ClusterReport None = new(0, null, KnowsReceiver: false);

    /// <summary>What a member says.</summary>
    public static ClusterReport Of(ClusterView view, ReplicaId receiver) =>
        new(view.ReachableGateways.Length, view.Oldest, view.Find(receiver) is not null);
}
