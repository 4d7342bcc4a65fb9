using System.Collections.Immutable;
using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;

namespace Gateway.Actors.Inspection;

/// <summary>One endpoint as seen by a replica: an element of <c>GET /endpoints</c>, and the body of <c>GET /endpoints/{id}</c>.</summary>
/// <param name="Id">Its identity on every replica: <c>pool/scheme://host:port</c>.</param>
/// <param name="Source">Whether it comes from the settings or from operators.</param>
/// <param name="State">Whether this replica picks it.</param>
/// <param name="Reason">The reason for its state: the decision with its row in the table, and whose evidence it is based on.</param>
/// <param name="Verdict">The verdict of this replica's probes.</param>
/// <param name="Breaker">This replica's breaker.</param>
/// <param name="LastProbe">The last probe's result; null if there is none yet, or this replica does not probe it.</param>
/// <param name="InFlight">Attempts in flight from this replica.</param>
/// <param name="LatencyMs">The peak-sensitive moving average used by some strategies; null before the first answer.</param>
/// <param name="Attempts">Attempts of this replica.</param>
/// <param name="OpenConnections">This replica's open connections to it.</param>
/// <param name="ConnectionsCreated">The number of connections ever made.</param>
/// <param name="Opinions">The evidence of each gateway in the cluster, including this one, by name.</param>
public sealed record EndpointReport(
    string Id,
    string Pool,
    string Address,
    string? Zone,
    int Weight,
    int Priority,
    EndpointSource Source,
    EndpointState State,
    string Reason,
    bool Draining,
    Verdict Verdict,
    BreakerReport Breaker,
    ProbeReport? LastProbe,
    int InFlight,
    double? LatencyMs,
    TrafficReport Attempts,
    int OpenConnections,
    long ConnectionsCreated,
    ImmutableArray<OpinionReport> Opinions)
{
    /// <summary>
    /// The last attempt of this replica that counted as the endpoint's failure; null if there was none since it joined the pool.
    /// </summary>
    public FailureReport? LastFailure { get; init; }
}

/// <summary>The state of an endpoint, as picked by a replica.</summary>
public enum EndpointState
{
    /// <summary>Picked like any other.</summary>
    Available,

    /// <summary>Reported bad by a replica: it is probed at once, and a single failure ejects it.</summary>
    Suspect,

    /// <summary>Its breaker is half-open: only trials are sent.</summary>
    Trial,

    /// <summary>Not picked, because of its verdict, its breaker or its zone's evidence.</summary>
    Ejected,

    /// <summary>Not picked, by an operator; attempts in flight finish.</summary>
    Draining,

    /// <summary>Removed by an operator, but still in the settings.</summary>
    Removed,
}

/// <summary>The origin of an endpoint.</summary>
public enum EndpointSource
{
    /// <summary>In the settings, unchanged.</summary>
    Settings,

    /// <summary>In the settings, with overrides by operators.</summary>
    Override,

    /// <summary>Added by operators.</summary>
    Added,
}

/// <summary>A breaker's state.</summary>
/// <param name="Epoch">Incremented on each change of phase; outcomes from another epoch are ignored.</param>
/// <param name="Failures">Failures in a row; 0 unless closed.</param>
/// <param name="TrialsOut">Trials in flight; 0 unless half-open.</param>
/// <param name="FailedTrials">Trials that failed since it last closed; each doubled the break.</param>
/// <param name="OpenForSeconds">The rest of the break; null unless a timer rules it.</param>
public sealed record BreakerReport(
    BreakerPhase Phase, uint Epoch, int Failures, int TrialsOut, int FailedTrials, double? OpenForSeconds);

/// <summary>The result of the last probe.</summary>
/// <param name="Detail">The endpoint's answer, or the error.</param>
public sealed record ProbeReport(bool Passed, double LatencyMs, double AgeSeconds, string Detail);

/// <summary>A failed attempt.</summary>
/// <param name="Status">The status of the answer; 0 if no head came.</param>
/// <param name="Detail">The error message; empty if reason and status say everything.</param>
public sealed record FailureReport(FailureReason Reason, int Status, string Detail, double AgeSeconds)
{
    /// <summary>The description without its age.</summary>
    public string Text => new FailedAttempt(Reason, Status, Detail, default).Text;
}

/// <summary>One replica's evidence on an endpoint.</summary>
/// <param name="Replica">The observer's name, or its address until the name is known.</param>
/// <param name="Self">Whether it is the replica asked.</param>
/// <param name="Opinion">The conclusion from its verdict and breaker.</param>
/// <param name="Verdict">The verdict of its own probes; unknown if it does not probe.</param>
/// <param name="Breaker">Its own breaker.</param>
/// <param name="Fresh">Whether its evidence is recent enough to count.</param>
/// <param name="AgeSeconds">The age of this view; null if it has none.</param>
/// <param name="Why">The reason for its last change.</param>
public sealed record OpinionReport(
    string Replica,
    string? Zone,
    bool Self,
    Opinion Opinion,
    Verdict Verdict,
    BreakerPhase Breaker,
    bool Fresh,
    double? AgeSeconds,
    string Why);
