using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Outliers;

namespace Gateway.Core.Endpoints;

/// <summary>The endpoint status last published by its actor: enough to build a picker, to display, and to resume after a restart.</summary>
public sealed record EndpointStatus
{
    public static EndpointStatus Initial { get; } = new();

    public VerdictState Verdict { get; init; }

    public BreakerPhase Breaker { get; init; }

    /// <summary>The newest breaker epoch processed by the actor.</summary>
    public uint Epoch { get; init; }

    /// <summary>Trials that failed since the breaker last closed or the verdict last turned healthy.</summary>
    public int FailedTrials { get; init; }

    /// <summary>The end of the break; null unless the breaker is open on a timer.</summary>
    public TimeSpan? BreakUntil { get; init; }

    /// <summary>Whether its trials are granted by turn: one at a time.</summary>
    public bool InTurn { get; init; }

    /// <summary>
    /// When its breaker closed after coordinated trials, by this replica or another. The weight ramp starts here.
    /// Null if no ramp is in progress.
    /// </summary>
    public TimeSpan? EasedFrom { get; init; }

    /// <summary>Whether its breaker closed on another replica's trial, and is not proven here yet.</summary>
    public bool OnProbation { get; init; }

    /// <summary>Whether its breaker opened at a single failure only because of others' reports, so that they need not be told.</summary>
    public bool Confirms { get; init; }

    /// <summary>Whether an operator holds the breaker open.</summary>
    public bool HeldOpen { get; init; }

    /// <summary>Its record as an outlier of its pool.</summary>
    public OutlierRecord Outlier { get; init; } = OutlierRecord.Clean;

    /// <summary>The start of slow start: when it joined a running pool or recovered from Unhealthy. Null if it did neither.</summary>
    public TimeSpan? SlowStartFrom { get; init; }

    public ProbeResult? LastProbe { get; init; }

    /// <summary>The time of the last probe result, by the replica's monotonic clock.</summary>
    public TimeSpan? LastProbeAt { get; init; }

    /// <summary>The cause of the current verdict or breaker phase, for display.</summary>
    public string Why { get; init; } = "";

    /// <summary>The evidence of other replicas, and whether this replica is one of its probe owners.</summary>
    public EndpointEvidence Evidence { get; init; } = EndpointEvidence.Alone;

    /// <summary>The state of the others' reports.</summary>
    public Suspicion Suspicion { get; init; } = Suspicion.None;

    /// <summary>The number of verifying probes completed.</summary>
    public long Verified { get; init; }

    /// <summary>Whether the pool has probes turned off, so that only traffic and other replicas give evidence.</summary>
    public bool ProbesOff { get; init; }

    /// <summary>The current decision, with its source and reason.</summary>
    public Decision Decision { get; init; } = Decision.Initial;

    /// <summary>The last decision made with the breaker closed; it stays in force while there is no evidence. Null if none yet.</summary>
    public DecisionKind? Settled { get; init; }

    /// <summary>This replica's own view, as sent to the others.</summary>
    public Observation Observation => new(Verdict.Verdict, Breaker);

    /// <summary>The verdict that rules the break: this replica's probes, or without them its zone's.</summary>
    public Opinion RulingVerdict => Observation.ProbeOpinion == Opinion.None ? Evidence.ZoneVerdict : Observation.ProbeOpinion;

    /// <summary>The reason for this replica to probe it, if any.</summary>
    public ProbeReason Duty => this switch
    {
        { ProbesOff: true } => ProbeReason.None,
        { Evidence.Owner: true } => ProbeReason.Owner,
        { Decision.Reason: DecisionReason.Unverified or DecisionReason.Stalled } => ProbeReason.Unverified,
        { Decision.Reason: DecisionReason.Unknown } => ProbeReason.Unknown,

        // A verdict in transition is completed, unless the owners have theirs.
        { Verdict.InTransition: true, Evidence.OwnersSpeak: false } => ProbeReason.Unknown,
        _ => ProbeReason.None,
    };

    /// <summary>Whether this replica has to verify a report by a probe that has not begun yet.</summary>
    public bool WantsVerification =>
        Suspicion.VerificationDue && Decision.Kind == DecisionKind.Suspect && Duty != ProbeReason.None;

    /// <summary>Whether a single failed probe is enough, because others have reported it.</summary>
    public bool IsDoubted => Decision.Kind == DecisionKind.Suspect || Decision.IsOnHearsay
        || (Decision.IsByComparison && (Suspicion.Reported || Suspicion.Stalled)); // The cap may keep it in.

    /// <summary>Whether its breaker must be doubted until traffic has proven it.</summary>
    public bool DoubtsTraffic => IsDoubted || OnProbation;

    /// <summary>Whether the doubt comes from other replicas' reports and not from local evidence.</summary>
    public bool DoubtsByHearsay => DoubtsTraffic && Decision.Reason != DecisionReason.Stalled;

    /// <summary>Whether it may be picked only if nothing else can be.</summary>
    public bool IsHeld => Decision.Kind == DecisionKind.Suspect && Suspicion.HeldUntil is not null;

    /// <summary>
    /// Whether the decision ejects it. The pool's cap can keep it in rotation nevertheless, and a drain takes it out: <see cref="Pools.PoolMember"/> has the rule.
    /// </summary>
    public bool IsEjected => Decision.Kind == DecisionKind.Ejected;

    /// <summary>Whether nothing visible to people has changed; for probes the verdict counts, not each result.</summary>
    public bool LooksLike(EndpointStatus other) =>
        Observation == other.Observation && Decision == other.Decision && Evidence == other.Evidence;
}
