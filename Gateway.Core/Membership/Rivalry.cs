using System.Collections.Immutable;

namespace Gateway.Core.Membership;

/// <summary>
/// Two clusters of the same seeds, left over by a partition or by seeds that started again: the smaller one yields, on a tie the one whose oldest
/// replica sorts higher, so that just one of any two does. Its replicas leave it and join the other. Question and answer both carry a report,
/// so it does not matter which of the two asks: a cluster that holds all seeds asks nobody. A report counts when the same replica says so again
/// an interval later, since one that has just joined looks like a stranger for a moment.
/// </summary>
/// <param name="Interval">Between two questions of a member to a seed.</param>
public sealed record Rivalry(TimeSpan Interval)
{
    /// <summary>Replicas whose last report was of a cluster to yield to: since when, and when they last said so.</summary>
    private ImmutableDictionary<string, (TimeSpan Since, TimeSpan Last)> Suspected { get; init; } =
        ImmutableDictionary.Create<string, (TimeSpan, TimeSpan)>(StringComparer.Ordinal);

    /// <summary>How far two reports must lie apart to count as two: question and answer of the same moment are one.</summary>
    private TimeSpan Apart => Interval / 2;

    /// <summary>A report older than this says nothing any more: its cause may have ended.</summary>
    private TimeSpan Fresh => Interval * 2.5;

    /// <summary>Whether a member of <paramref name="mine"/> yields to the cluster of that report, by that report alone.</summary>
    public static bool Yields(ClusterView mine, ClusterReport theirs)
    {
        if (theirs.KnowsReceiver || theirs.Size == 0)
        {
            return false;
        }

        var size = mine.ReachableGateways.Length;
        return theirs.Size != size ? theirs.Size > size : mine.Oldest > theirs.Oldest;
    }

    /// <summary>Another replica has asked a member, or answered it.</summary>
    /// <param name="from">Its cluster address.</param>
    /// <returns>Whether to yield now.</returns>
    public (Rivalry Next, bool Yield) Hear(string from, ClusterView mine, ClusterReport theirs, TimeSpan now)
    {
        if (!Yields(mine, theirs))
        {
            return (Clear(from), false);
        }

        var since = Suspected.TryGetValue(from, out var before) && now - before.Last < Fresh ? before.Since : now;
        return (this with { Suspected = Suspected.SetItem(from, (since, now)) }, now - since >= Apart);
    }

    /// <summary>That replica is a member that is heard from.</summary>
    public Rivalry Clear(string member) => this with { Suspected = Suspected.Remove(member) };
}
