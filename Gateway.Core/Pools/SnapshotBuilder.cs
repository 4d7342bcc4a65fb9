using System.Collections.Immutable;
using Gateway.Core.Balancing;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Membership;
using Gateway.Core.Outliers;
using Gateway.Core.Priorities;
using Gateway.Core.Zones;

namespace Gateway.Core.Pools;

/// <summary>
/// Builds the snapshots of one pool, and keeps the balancing state from one to the next. Each endpoint's status is read once, so that all parts of a snapshot
/// agree. Used by one thread at a time, the router.
/// </summary>
internal sealed class SnapshotBuilder
{
    private readonly PriorityPickerBuilder _pickers = new();

    /// <param name="draft">The settings and the members, with their standings so far; everything else is rebuilt.</param>
    /// <param name="view">The cluster; null if zones do not count.</param>
    public Publication Build(PoolSnapshot draft, ClusterView? view, TimeSpan now)
    {
        var settings = draft.Settings;
        EndpointStatus[] statuses = [.. draft.Members.Select(member => member.Endpoint.Status)];
        ImmutableArray<Claim> claims = [.. draft.Members.Select((member, i) => member.ClaimOf(statuses[i]))];
        var standings = EjectionCap.Apply(claims, (settings.Outliers ?? OutlierPolicy.Default).MaxEjectionPercent);
        ImmutableArray<PoolMember> members =
            [.. draft.Members.Select((member, i) => member.Standing == standings[i] ? member : member with { Standing = standings[i] })];
        Candidate[] candidates = [.. members.Select((member, i) => CandidateOf(member, statuses[i], settings.SlowStart, now))];
        ImmutableArray<RoutedLevel> levels =
        [
            .. PrioritySplit.Decide(candidates, settings.PanicThreshold).Select(level => new RoutedLevel(
                level, ZonesOf(candidates.Where(candidate => candidate.Priority == level.Priority), settings.Zones, level.Panic, view))),
        ];
        var snapshot = draft with
        {
            Members = members,
            Levels = levels,
            Picker = _pickers.Build(settings.Strategy, candidates, levels, settings.HashBalanceFactor),
        };
        return new(snapshot, claims, candidates.Count(candidate => candidate.Available), Array.Exists(candidates, candidate => candidate.Factor < 1));
    }

    /// <summary>Decides zone routing by the live replicas and the endpoints that may be picked now.</summary>
    private static ZoneRouting ZonesOf(IEnumerable<Candidate> candidates, ZonePolicy policy, bool panic, ClusterView? view) => ZoneSplit.Decide(
        view?.Self.Zone,
        view?.ReachableGateways.Select(replica => replica.Zone) ?? [],
        candidates.Where(candidate => candidate.InRotation).Select(candidate => candidate.Zone),
        policy,
        panic);

    private static Candidate CandidateOf(PoolMember member, EndpointStatus status, SlowStartPolicy slowStart, TimeSpan now) => new(
        member.Cell,
        member.Settings.Weight,
        Math.Min(Factor(slowStart, status.SlowStartFrom, now), Factor(SlowStart.AfterTrials, status.EasedFrom, now)),
        status.Verdict.Verdict == Verdict.Degraded,
        member.MayBePicked(status),
        member.Settings.Zone,
        member.Standing == Standing.Held,
        member.Settings.Priority,
        status.Decision.Kind == DecisionKind.TrialsOnly,
        member.Draining);

    private static double Factor(SlowStartPolicy policy, TimeSpan? from, TimeSpan now) => from is { } begin ? SlowStart.Factor(policy, now - begin) : 1;
}
