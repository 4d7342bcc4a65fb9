using System.Collections.Immutable;
using System.Globalization;
using Gateway.Actors.Running;
using Gateway.Core.Addressing;
using Gateway.Core.Balancing;
using Gateway.Core.Breaking;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Pools;
using Gateway.Core.Traffic;

namespace Gateway.Actors.Inspection;

/// <summary>
/// Reports a replica's state to outside people and programs. Reads the same state as requests do, so it costs the
/// actors nothing.
/// </summary>
public sealed class ReplicaInspector(IReplica replica, OpinionBoard opinions, TimeProvider clock, RunningClock running)
{
    private TimeSpan Now => clock.GetElapsedTime(0);

    private IEnumerable<PoolSnapshot> Snapshots => replica.Pools.Select(pool => pool.Snapshot);

    public StatusReport Status()
    {
        var time = clock.GetUtcNow();
        return new(
            replica.GatewayId,
            replica.Zone,
            replica.Version,
            replica.EventLoop,
            replica.Phase,
            time,
            replica.StartedAt,
            Math.Round((time - replica.StartedAt).TotalSeconds, 1),
            replica.Traffic.ActiveRequests,
            TrafficReport.Of(replica.Traffic.Requests),
            Pools());
    }

    public ImmutableArray<PoolReport> Pools() => [.. Snapshots.Select(PoolReportOf)];

    /// <summary>Returns all endpoints, in the order of pools and settings.</summary>
    /// <param name="pool">Only this pool's; null for all pools.</param>
    public ImmutableArray<EndpointReport> Endpoints(string? pool = null) =>
        [.. Snapshots.Where(p => pool is null || p.Pool.Name == pool).SelectMany(p => p.Members.Select(m => ReportOf(m, p)).Concat(Removed(p)))];

    /// <summary>Returns those of the given endpoints that still exist.</summary>
    public ImmutableArray<EndpointReport> Endpoints(IReadOnlySet<EndpointId> which) =>
        [.. Snapshots.SelectMany(p => p.Members.Where(m => which.Contains(m.Id)).Select(m => ReportOf(m, p)))];

    /// <summary>Finds an endpoint by its id, or by its address if only one pool has it.</summary>
    public EndpointLookup Find(string text)
    {
        var found = Snapshots.SelectMany(p => p.Members.Select(m => (Pool: p, Member: m))).Where(e => IsMeant(e.Member.Id, text)).ToImmutableArray();
        return found switch
        {
            [var one] => new EndpointLookup.Found(one.Member.Endpoint, ReportOf(one.Member, one.Pool)),
            [] => new EndpointLookup.Missing($"unknown endpoint '{text}'"),
            _ => new EndpointLookup.Missing($"'{text}' is in several pools; use one of: {string.Join(", ", found.Select(e => e.Member.Id))}"),
        };
    }

    /// <summary>Whether a text names this endpoint: its id, or its address with or without the scheme.</summary>
    internal static bool IsMeant(EndpointId id, string text) =>
        text == id.ToString() || text == id.Address.Canonical || text == id.Address.Label || text == $"{id.Pool}/{id.Address.Label}";

    private PoolReport PoolReportOf(PoolSnapshot pool)
    {
        var (begun, retries) = pool.Pool.RetryBudget.Read(running.GetElapsedTime(0));
        return new(
            pool.Pool.Name,
            pool.Settings.Strategy.Name(),
            pool.Members.Length,
            pool.Available,
            pool.Picker.Panic,
            pool.Members.Sum(m => m.Cell.InFlight),
            retries,
            begun,
            pool.Zones.Text,
            [.. pool.Levels.Select(level => level.Level)]);
    }

    private static EndpointSource SourceOf(EndpointSettings settings, PoolSnapshot pool) =>
        pool.Configured.Endpoints.FirstOrDefault(e => e.Address == settings.Address) is not { } configured ? EndpointSource.Added
        : configured == settings ? EndpointSource.Settings
        : EndpointSource.Override;

    /// <summary>Returns endpoints of the settings removed by an operator, so that they are still visible.</summary>
    private static IEnumerable<EndpointReport> Removed(PoolSnapshot pool)
    {
        var present = pool.Settings.Endpoints.Select(e => e.Address).ToHashSet();
        return pool.Configured.Endpoints.Where(e => !present.Contains(e.Address)).Select(e => new EndpointReport(
            new EndpointId(pool.Pool.Name, e.Address).ToString(), pool.Pool.Name, e.Address.Canonical, e.Zone, e.Weight, e.Priority, EndpointSource.Override,
            EndpointState.Removed, "removed by an operator", Draining: false, Verdict.Unknown,
            new(BreakerPhase.Closed, 0, 0, 0, 0, null), null, 0, null, TrafficReport.Of(TrafficRates.None), 0, 0, []));
    }

    private EndpointReport ReportOf(PoolMember member, PoolSnapshot pool)
    {
        var (endpoint, settings, now) = (member.Endpoint, member.Settings, Now);
        var (status, word) = (endpoint.Status, endpoint.Cell.Breaker);
        var (state, reason) = StateOf(member, status, now);
        var connections = replica.Traffic.ConnectionsTo(endpoint.Cell);
        return new(
            endpoint.Id.ToString(),
            endpoint.Id.Pool,
            endpoint.Id.Address.Canonical,
            settings.Zone,
            settings.Weight,
            settings.Priority,
            SourceOf(settings, pool),
            state,
            reason,
            member.Draining,
            status.Verdict.Verdict,
            new(word.Phase, word.Epoch, word.Failures, word.Trials, status.FailedTrials, SecondsUntil(status.BreakUntil, now)),
            ProbeOf(status, now),
            endpoint.Cell.InFlight,
            endpoint.Cell.Latency is { HasSample: true } latency ? Math.Round(latency.Average.TotalMilliseconds, 3) : null,
            TrafficReport.Of(replica.Traffic.AttemptsAt(endpoint.Id)),
            connections.Open,
            connections.Created,
            opinions.Of(endpoint.Id, now))
        {
            LastFailure = endpoint.Cell.LastFailure is { } failure
                ? new(failure.Reason, failure.Status, failure.Detail, AgeOf(failure.At, now) ?? 0)
                : null,
        };
    }

    /// <summary>Combines the decision with the endpoint's standing in the pool.</summary>
    private static (EndpointState State, string Reason) StateOf(PoolMember member, EndpointStatus status, TimeSpan now)
    {
        var state = EndpointStates.Of(member, status);
        var why = status.Decision.Describe(now);
        return (state, (state, status.Decision.Kind) switch
        {
            (EndpointState.Draining, _) => "drained by an operator",
            (EndpointState.Ejected, _) when status is { Decision.IsByComparison: true, Outlier: { Until: { } until } outlier } => string.Create(
                CultureInfo.InvariantCulture, $"{why}: {outlier.Why}, back in {SecondsUntil(until, now):0} s"),
            (EndpointState.Suspect, DecisionKind.Ejected) => $"{why}, kept in by the pool's cap",
            (EndpointState.Suspect, DecisionKind.Suspect) when member.Standing == Standing.Held => $"{why}, held",
            _ => why,
        });
    }

    private static ProbeReport? ProbeOf(EndpointStatus status, TimeSpan now) => status.LastProbe is { } probe
        ? new(probe.Passed, Math.Round(probe.Latency.TotalMilliseconds, 3), AgeOf(status.LastProbeAt, now) ?? 0, probe.Detail)
        : null;

    private static double? AgeOf(TimeSpan? at, TimeSpan now) => at is { } then ? Math.Round(Math.Max(0, (now - then).TotalSeconds), 3) : null;

    private static double? SecondsUntil(TimeSpan? until, TimeSpan now) =>
        until is { } then ? Math.Round(Math.Max(0, (then - now).TotalSeconds), 3) : null;
}
