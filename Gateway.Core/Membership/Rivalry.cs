using System.Collections.Immutable;
using Gateway.Core.Addressing;

namespace Gateway.Core.Membership;

/// <summary>
/// Resolves two clusters of the same seeds, caused by a partition or by seeds that restarted: the smaller one yields, on a tie the one whose
/// oldest replica sorts higher, so exactly one of any two does. Its replicas leave it and join the other. Question and answer both carry a
/// report, so either side may ask: a cluster that holds all seeds asks none. A report counts if the same replica repeats it an interval later,
/// since a replica that has just joined looks like a stranger for a moment.
/// </summary>
/// <param name="Interval">The time between two questions of a member to a seed.</param>
public sealed record Rivalry(TimeSpan Interval)
{
    /// <summary>Replicas whose last report calls for yielding: the times of its first and last report.</summary>
    private ImmutableDictionary<HostPort, (TimeSpan Since, TimeSpan Last)> Suspected { get; init; } =
        ImmutableDictionary<HostPort, (TimeSpan, TimeSpan)>.Empty;

    /// <summary>The minimum time between two reports that count as two; a question and an answer of the same moment count as one.</summary>
    private TimeSpan MinSpacing => Interval / 2;

    /// <summary>The age at which a report expires, since its cause may have ended.</summary>
    private TimeSpan Fresh => Interval * 2.5;

    /// <summary>Whether a member of <paramref name="mine"/> yields to the reported cluster, by that report alone.</summary>
    public static bool Yields(ClusterView mine, ClusterReport theirs)
    {
        if (theirs.KnowsReceiver || theirs.Size == 0)
        {
            return false;
        }

        var size = mine.ReachableGateways.Length;
        return theirs.Size != size ? theirs.Size > size : mine.Oldest > theirs.Oldest;
    }

    /// <summary>Handles the report of another replica in a question or an answer.</summary>
    /// <param name="from">Its cluster address.</param>
    /// <returns>Whether to yield now.</returns>
    public (Rivalry Next, bool Yield) Hear(HostPort from, ClusterView mine, ClusterReport theirs, TimeSpan now)
    {
        if (!Yields(mine, theirs))
        {
            return (Clear(from), false);
        }

        var since = Suspected.TryGetValue(from, out var before) && now - before.Last < Fresh ? before.Since : now;
        return (this with { Suspected = Suspected.SetItem(from, (since, now)) }, now - since >= MinSpacing);
    }

    /// <summary>Clears suspicion of a replica that is a reachable member.</summary>
    public Rivalry Clear(HostPort member) => this with { Suspected = Suspected.Remove(member) };
}
