using System.Collections.Immutable;

namespace Gateway.Core.Membership;

/// <summary>
/// Two clusters of the same seeds, left over by a partition: the smaller one yields, on a tie the one whose oldest replica sorts higher,
/// so that just one of any two does. Its replicas leave it and join the other. A report counts when the same seed says so twice in a row,
/// since one that has just joined looks like a stranger for a moment.
/// </summary>
/// <param name="Suspected">Seeds whose last report was of a cluster to yield to.</param>
public sealed record Rivalry(ImmutableHashSet<string> Suspected)
{
    /// <summary>Nobody suspected.</summary>
    public static Rivalry None { get; } = new(ImmutableHashSet<string>.Empty.WithComparer(StringComparer.Ordinal));

    /// <summary>Whether a member of <paramref name="mine"/> yields to the cluster of that report, by that report alone.</summary>
    public static bool Yields(ClusterView mine, ClusterReport theirs)
    {
        if (theirs.KnowsAsker || theirs.Size == 0)
        {
            return false;
        }

        var size = mine.ReachableGateways.Length;
        return theirs.Size != size ? theirs.Size > size : mine.Oldest > theirs.Oldest;
    }

    /// <summary>A seed has answered a member.</summary>
    /// <returns>Whether to yield now.</returns>
    public (Rivalry Next, bool Yield) Hear(string seed, ClusterView mine, ClusterReport theirs) => Yields(mine, theirs)
        ? (new(Suspected.Add(seed)), Suspected.Contains(seed))
        : (new(Suspected.Remove(seed)), false);

    /// <summary>A seed is a reachable member, or was asked and gave no answer.</summary>
    public Rivalry Clear(string seed) => new(Suspected.Remove(seed));
}
