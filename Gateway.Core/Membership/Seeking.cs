using System.Collections.Immutable;

namespace Gateway.Core.Membership;

/// <summary>
/// How a replica that is in no cluster finds one. It asks the seeds; any that is in a cluster is joined, in the largest if there are
/// several. If none is, somebody must be the first:
/// <list type="bullet">
/// <item>a replica without seeds, at once;</item>
/// <item>at its first start, the first seed of the list, when all others have said that they are in none or <see cref="SeekTimes.First"/>
/// has passed;</item>
/// <item>the first of those seeds that answer, when they are a majority of all seeds and have been without a cluster for
/// <see cref="SeekTimes.Majority"/>. So a cluster comes back that was downed on every side, and a dead first seed holds up nobody.</item>
/// </list>
/// One that was downed never takes the second way: cut off, it would form a cluster of its own beside the one that downed it.
/// </summary>
/// <param name="Self">This replica's own address, which may be among the seeds.</param>
/// <param name="Seeds">Cluster addresses, in the same order on all replicas.</param>
/// <param name="FirstStart">Whether this replica has been in no cluster yet.</param>
/// <param name="Since">When it began.</param>
public sealed record Seeking(string Self, ImmutableArray<string> Seeds, bool FirstStart, TimeSpan Since, SeekTimes Times)
{
    private ImmutableDictionary<string, (ClusterReport Report, TimeSpan At)> Answers { get; init; } =
        ImmutableDictionary<string, (ClusterReport, TimeSpan)>.Empty;

    /// <summary>Since when a majority of the seeds answers and none of them is in a cluster; null: that is not so.</summary>
    private TimeSpan? MajoritySince { get; init; }

    /// <summary>A seed has answered.</summary>
    public Seeking Hear(string seed, ClusterReport report, TimeSpan now) => With(Answers.SetItem(seed, (report, now)), now);

    /// <summary>What to do now. To be asked as often as seeds are.</summary>
    public (Seeking Next, JoinStep Step) Decide(TimeSpan now)
    {
        var next = With(Answers, now);
        return (next, next.Step(now));
    }

    private JoinStep Step(TimeSpan now)
    {
        if (Seeds.IsEmpty)
        {
            return new JoinStep.Form();
        }

        if (Fresh(now).Where(a => a.Report.Size > 0)
            .OrderByDescending(a => a.Report.Size).ThenBy(a => a.Report.Oldest).ThenBy(a => a.Seed, StringComparer.Ordinal)
            .FirstOrDefault() is { Seed: { } seed })
        {
            return new JoinStep.Join(seed);
        }

        return FormsAsFirst(now) || FormsForMajority(now) ? new JoinStep.Form() : new JoinStep.Wait();
    }

    private bool FormsAsFirst(TimeSpan now) =>
        FirstStart && Seeds[0] == Self && (now - Since >= Times.First || Fresh(now).Count() == Seeds.Length - 1);

    private bool FormsForMajority(TimeSpan now)
    {
        var answering = Fresh(now).Select(a => a.Seed).Append(Self).ToHashSet(StringComparer.Ordinal);
        return MajoritySince is { } since && now - since >= Times.Majority && Seeds.First(answering.Contains) == Self;
    }

    private Seeking With(ImmutableDictionary<string, (ClusterReport Report, TimeSpan At)> answers, TimeSpan now)
    {
        var next = this with { Answers = answers };
        var holds = next.Seeds.Contains(Self) &&
            next.Fresh(now).All(a => a.Report.Size == 0) && (next.Fresh(now).Count() + 1) * 2 > next.Seeds.Length;
        return next with { MajoritySince = holds ? MajoritySince ?? now : null };
    }

    private IEnumerable<(string Seed, ClusterReport Report)> Fresh(TimeSpan now) => Answers
        .Where(a => now - a.Value.At < Times.Fresh && a.Key != Self && Seeds.Contains(a.Key))
        .Select(a => (a.Key, a.Value.Report));
}
