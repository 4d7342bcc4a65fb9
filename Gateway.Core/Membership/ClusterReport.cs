namespace Gateway.Core.Membership;

/// <summary>What a replica answers when another asks which cluster it is in.</summary>
/// <param name="Size">Gateways of its cluster that it hears from, itself among them. 0: it is in none.</param>
/// <param name="Oldest">The oldest of them; null: it is in none.</param>
/// <param name="KnowsAsker">Whether the one who asks is a member there.</param>
public sealed record ClusterReport(int Size, ReplicaId? Oldest, bool KnowsAsker)
{
    /// <summary>The answer of one that is in no cluster yet.</summary>
    public static readonly ClusterReport None = new(0, null, KnowsAsker: false);

    /// <summary>What a member says.</summary>
    public static ClusterReport Of(ClusterView view, ReplicaId asker) =>
        new(view.ReachableGateways.Length, view.Oldest, view.Find(asker) is not null);
}
