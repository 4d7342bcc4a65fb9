using System.Collections.Immutable;
using Gateway.Core.Addressing;

namespace Gateway.Core.Membership;

/// <summary>
/// The search of a replica for a cluster. It asks the seeds, and is asked itself, and joins the cluster it hears of, the largest if
/// there are several. If it hears of none, one replica must form the cluster:
/// <list type="bullet">
/// <item>a replica without seeds, at once;</item>
/// <item>at its first start, the first seed of the list, once all others have said that they are in none or <see cref="SeekTimes.First"/>
/// has passed;</item>
/// <item>the first of the seeds that answer, if they are a majority of all seeds and have been without a cluster for
/// <see cref="SeekTimes.Majority"/>. So a cluster downed on every side comes back, and a dead first seed blocks nothing;</item>
/// <item>the first of the seeds that answer, even if most seeds are dead, once they have been without a cluster for
/// <see cref="SeekTimes.Minority"/>: at its first start in any case, later only if another replica says that it is in none either.</item>
/// </list>
/// A downed replica that hears no other never forms a cluster: it would be alone in it, and rejoining is quicker without. If a
/// partition still creates two clusters, <see cref="Rivalry"/> resolves that.
/// </summary>
/// <param name="Self">This replica's own cluster address, which may be among the seeds.</param>
/// <param name="Seeds">Cluster addresses, in the same order on all replicas.</param>
/// <param name="FirstStart">Whether this replica has not been in a cluster yet.</param>
/// <param name="Since">When it began to seek.</param>
public sealed record Seeking(HostPort Self, ImmutableArray<HostPort> Seeds, bool FirstStart, TimeSpan Since, SeekTimes Times)
{
    private ImmutableDictionary<HostPort, (ClusterReport Report, TimeSpan At)> Reports { get; init; } =
        ImmutableDictionary<HostPort, (ClusterReport, TimeSpan)>.Empty;

    /// <summary>Since when a majority of the seeds answers and no replica is known in a cluster; null otherwise.</summary>
    private TimeSpan? MajoritySince { get; init; }

    /// <summary>Since when no replica is known in a cluster; null if one is.</summary>
    private TimeSpan? NoClusterSince { get; init; }

    /// <summary>Handles the report of another replica in a question or an answer.</summary>
    public Seeking Hear(HostPort from, ClusterReport report, TimeSpan now) => With(Reports.SetItem(from, (report, now)), now);

    /// <summary>Returns the next step. Call it as often as seeds are asked.</summary>
    public (Seeking Next, JoinStep Step) Decide(TimeSpan now)
    {
        var next = With(Reports, now);
        return (next, next.Step(now));
    }

    private JoinStep Step(TimeSpan now)
    {
        if (Fresh(now).Where(a => a.Report.Size > 0)
            .OrderByDescending(a => a.Report.Size).ThenBy(a => a.Report.Oldest).ThenBy(a => a.From.ToString(), StringComparer.Ordinal)
            .Select(a => (HostPort?)a.From).FirstOrDefault() is { } from)
        {
            return new JoinStep.Join(from);
        }

        return Seeds.IsEmpty || FormsAsFirst(now) || FormsForMajority(now) || FormsForMinority(now) ? new JoinStep.Form() : new JoinStep.Wait();
    }

    private bool FormsAsFirst(TimeSpan now) =>
        FirstStart && Seeds[0] == Self && (now - Since >= Times.First || SeedsHeard(now).Count() == Seeds.Length - 1);

    private bool FormsForMajority(TimeSpan now) => MajoritySince is { } since && now - since >= Times.Majority && IsFirstOfAnswering(now);

    private bool FormsForMinority(TimeSpan now) =>
        NoClusterSince is { } since && now - since >= Times.Minority && (FirstStart || Fresh(now).Any()) && IsFirstOfAnswering(now);

    private bool IsFirstOfAnswering(TimeSpan now)
    {
        var answering = SeedsHeard(now).Append(Self).ToHashSet();
        return Seeds.FirstOrDefault(answering.Contains) == Self;
    }

    private Seeking With(ImmutableDictionary<HostPort, (ClusterReport Report, TimeSpan At)> reports, TimeSpan now)
    {
        var next = this with { Reports = reports };
        var nobody = next.Fresh(now).All(a => a.Report.Size == 0);
        var majority = nobody && next.Seeds.Contains(Self) && (next.SeedsHeard(now).Count() + 1) * 2 > next.Seeds.Length;
        return next with { MajoritySince = majority ? MajoritySince ?? now : null, NoClusterSince = nobody ? NoClusterSince ?? now : null };
    }

    /// <summary>Returns the other seeds with a recent report.</summary>
    private IEnumerable<HostPort> SeedsHeard(TimeSpan now) => Fresh(now).Select(a => a.From).Where(Seeds.Contains);

    private IEnumerable<(HostPort From, ClusterReport Report)> Fresh(TimeSpan now) => Reports
        .Where(a => now - a.Value.At < Times.Fresh && a.Key != Self)
        .Select(a => (a.Key, a.Value.Report));
}
