using System.Collections.Immutable;
using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Outcomes;

namespace Gateway.Actors.Inspection;

/// <summary>One endpoint as a replica sees it: an element of <c>GET /endpoints</c>, and the body of <c>GET /endpoints/{id}</c>.</summary>
/// <param name="Id">Its identity on every replica: <c>pool/scheme://host:port</c>.</param>
/// <param name="Source">Whether the settings or operators say that it is there, and how.</param>
/// <param name="State">Whether this replica picks it, in one word.</param>
/// <param name="Reason">Why it is in that state: the decision with the row of the table that made it, and whose evidence it rests on.</param>
/// <param name="Verdict">What this replica's probes say.</param>
/// <param name="Breaker">This replica's breaker.</param>
/// <param name="LastProbe">The last probe's result; null: none yet, or this replica does not probe it.</param>
/// <param name="InFlight">Attempts in flight from this replica.</param>
/// <param name="LatencyMs">The peak-sensitive moving average that some strategies pick by; null before the first answer.</param>
/// <param name="Attempts">Attempts of this replica.</param>
/// <param name="OpenConnections">Connections that this replica holds to it.</param>
/// <param name="ConnectionsCreated">Connections that it ever made.</param>
/// <param name="Opinions">What each gateway of the cluster says of it, this one among them, by name.</param>
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
    /// <summary>The last attempt of this replica that counted as the endpoint's failure; null: there was none since it joined the pool.</summary>
    public FailureReport? LastFailure { get; init; }
}

/// <summary>Whether an endpoint is picked.</summary>
public enum EndpointState
{
    /// <summary>Picked like any other.</summary>
    Available,

    /// <summary>Somebody reports it bad: it is looked at at once, and a single failure takes it out.</summary>
    Suspect,

    /// <summary>Its breaker is half-open: a few trials decide.</summary>
    Trial,

    /// <summary>Not picked: its verdict, its breaker or its zone's word forbids it.</summary>
    Ejected,

    /// <summary>Not picked because an operator said so; what is in flight finishes.</summary>
    Draining,

    /// <summary>An operator has taken it out, and the settings still have it.</summary>
    Removed,
}

/// <summary>Who says that an endpoint is there, and how.</summary>
public enum EndpointSource
{
    /// <summary>It is as the settings say.</summary>
    Settings,

    /// <summary>It stands in the settings, and operators have said something else since.</summary>
    Override,

    /// <summary>Operators have added it.</summary>
    Added,
}

/// <summary>A breaker.</summary>
/// <param name="Epoch">Counts its changes of phase; what comes from another epoch changes nothing.</param>
/// <param name="Failures">Failures in a row; 0 unless closed.</param>
/// <param name="TrialsOut">Trials in flight; 0 unless half-open.</param>
/// <param name="FailedTrials">Trials that failed since it last closed; each doubles the break.</param>
/// <param name="OpenForSeconds">What is left of the break; null unless a timer rules it.</param>
public sealed record BreakerReport(
    BreakerPhase Phase, uint Epoch, int Failures, int TrialsOut, int FailedTrials, double? OpenForSeconds);

/// <summary>The last probe.</summary>
/// <param name="Detail">What the endpoint answered, or the error.</param>
public sealed record ProbeReport(bool Passed, double LatencyMs, double AgeSeconds, string Detail);

/// <summary>An attempt that failed.</summary>
/// <param name="Status">The status of the answer; 0: no head came.</param>
/// <param name="Detail">What went wrong, in the words of whoever found it; empty where reason and status say all.</param>
public sealed record FailureReport(FailureReason Reason, int Status, string Detail, double AgeSeconds)
{
    /// <summary>Without its age.</summary>
    public string Text => new FailedAttempt(Reason, Status, Detail, default).Text;
}

/// <summary>What one replica says of an endpoint.</summary>
/// <param name="Replica">The observer's name; its address until it is known.</param>
/// <param name="Self">Whether that is the replica that was asked.</param>
/// <param name="Opinion">What its verdict and breaker come to.</param>
/// <param name="Verdict">What its own probes say; unknown where it does not probe.</param>
/// <param name="Breaker">Its own breaker.</param>
/// <param name="Fresh">Whether it was heard of lately enough to count.</param>
/// <param name="AgeSeconds">How long it has seen it so; null: it has said nothing.</param>
/// <param name="Why">What its last change came of.</param>
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
