using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Health;
using Gateway.Core.Outliers;

namespace Gateway.Core.Endpoints;

/// <summary>What the endpoint's actor last published: enough to build a picker, to show to people, and to go on from after a restart.</summary>
public sealed record EndpointStatus
{
    public static EndpointStatus Initial { get; } = new();

    public VerdictState Verdict { get; init; }

    public BreakerPhase Breaker { get; init; }

    /// <summary>The newest epoch of the breaker that the actor has taken in.</summary>
    public uint Epoch { get; init; }

    /// <summary>Trials that failed since the breaker last closed or the verdict last turned healthy.</summary>
    public int FailedTrials { get; init; }

    /// <summary>When the break ends; null unless the breaker is open and a timer rules it.</summary>
    public TimeSpan? BreakUntil { get; init; }

    /// <summary>Whether its trials are this replica's turn among several: one at a time.</summary>
    public bool InTurn { get; init; }

    /// <summary>
    /// When its breaker closed after the replicas had taken turns to try it, by a trial of this replica or another's. Its weight rises from there.
    /// Null: it did not, or that is over.
    /// </summary>
    public TimeSpan? EasedFrom { get; init; }

    /// <summary>Whether its breaker closed on another replica's trial, and has not proven itself here yet.</summary>
    public bool OnProbation { get; init; }

    /// <summary>Whether its breaker opened at one failure, only because others had spoken for or against it: the others learn nothing new by that.</summary>
    public bool Confirms { get; init; }

    /// <summary>Whether an operator holds the breaker open.</summary>
    public bool HeldOpen { get; init; }

    /// <summary>What is held against it for failing more than the pool's others.</summary>
    public OutlierRecord Outlier { get; init; } = OutlierRecord.Clean;

    /// <summary>No new leases; those in flight finish.</summary>
    public bool Draining { get; init; }

    /// <summary>When it joined a running pool or came back from Unhealthy: where slow start begins. Null: it never did either.</summary>
    public TimeSpan? SlowStartFrom { get; init; }

    public ProbeResult? LastProbe { get; init; }

    /// <summary>When the last probe's result came, by the replica's monotonic clock.</summary>
    public TimeSpan? LastProbeAt { get; init; }

    /// <summary>What made the verdict or the breaker what it is, for people.</summary>
    public string Why { get; init; } = "";

    /// <summary>What the others say of it, and whether this replica is one of its probe owners.</summary>
    public EndpointEvidence Evidence { get; init; } = EndpointEvidence.Alone;

    /// <summary>What the others' reports have come to.</summary>
    public Suspicion Suspicion { get; init; } = Suspicion.None;

    /// <summary>Probes that were sent because of a report and have come to a result.</summary>
    public long Verified { get; init; }

    /// <summary>Whether the pool sends no probes at all, so that only traffic and others speak.</summary>
    public bool ProbesOff { get; init; }

    /// <summary>What is decided, by whom and why.</summary>
    public Decision Decision { get; init; } = Decision.Initial;

    /// <summary>What was decided last with the breaker closed, which is gone on with where nobody knows anything; null: nothing was yet.</summary>
    public DecisionKind? Settled { get; init; }

    /// <summary>What this replica sees, and tells the others.</summary>
    public Sight Sight => new(Verdict.Verdict, Breaker);

    /// <summary>The verdict that rules the break: my own probes', or where I have none, those of my zone.</summary>
    public Opinion RulingVerdict => Sight.ProbeOpinion == Opinion.None ? Evidence.ZoneVerdict : Sight.ProbeOpinion;

    /// <summary>Why this replica probes it, if it does.</summary>
    public ProbeReason Duty => this switch
    {
        { ProbesOff: true } => ProbeReason.None,
        { Evidence.Owner: true } => ProbeReason.Owner,
        { Decision.Reason: DecisionReason.Unverified or DecisionReason.Stalled } => ProbeReason.Unverified,
        { Decision.Reason: DecisionReason.Unknown } => ProbeReason.Unknown,

        // What was begun is brought to its end, unless the owners have come to theirs.
        { Verdict.InTransition: true, Evidence.OwnersSpeak: false } => ProbeReason.Unknown,
        _ => ProbeReason.None,
    };

    /// <summary>Whether a report is to be looked into by a probe of this replica's own, and none has begun since it came.</summary>
    public bool WantsVerification =>
        Suspicion.VerificationDue && Decision.Kind == DecisionKind.Suspect && Duty != ProbeReason.None;

    /// <summary>Whether one failed probe is enough: others have spoken against it.</summary>
    public bool IsDoubted => Decision.Kind == DecisionKind.Suspect || Decision.IsOnHearsay
        || (Decision.IsByComparison && (Suspicion.Reported || Suspicion.Stalled)); // The cap may keep it in.

    /// <summary>Whether its breaker is to be doubted, until traffic has proven it.</summary>
    public bool DoubtsTraffic => IsDoubted || OnProbation;

    /// <summary>Whether that is because of what others say, and not of what was seen here.</summary>
    public bool DoubtsByHearsay => DoubtsTraffic && Decision.Reason != DecisionReason.Stalled;

    /// <summary>Whether it may be picked only if nothing else is.</summary>
    public bool IsHeld => Decision.Kind == DecisionKind.Suspect && Suspicion.HeldUntil is not null;

    /// <summary>
    /// Whether a picker may offer it; while half-open it is up to the cell's permits. The pool's cap can offer it all the same: see
    /// <see cref="Endpoint.Standing"/>.
    /// </summary>
    public bool CanBePicked => Decision.Kind != DecisionKind.Ejected && !Draining;

    /// <summary>Whether nothing that people look at has changed; of probes it is the verdict, not each result.</summary>
    public bool LooksLike(EndpointStatus other) =>
        Sight == other.Sight && Draining == other.Draining && Decision == other.Decision && Evidence == other.Evidence;

    /// <summary>What it asks of its pool.</summary>
    public Claim ClaimNow(Standing now) => this switch
    {
        { Draining: true } => new(Standing.Out, IsHearsay: false, now),
        { CanBePicked: false } => new(Standing.Out, Decision.IsOnHearsay, now, IsOutlier: Decision.IsByComparison),
        { IsHeld: true } => new(Standing.Held, IsHearsay: true, now),
        _ => new(Standing.In, IsHearsay: false, now, Restricted: Decision.Kind == DecisionKind.TrialsOnly),
    };
}
