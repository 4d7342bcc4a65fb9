using Gateway.Core.Breaking;
using Gateway.Core.Health;

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

    /// <summary>No new leases; those in flight finish.</summary>
    public bool Draining { get; init; }

    /// <summary>When it joined a running pool or came back from Unhealthy: where slow start begins. Null: it never did either.</summary>
    public TimeSpan? SlowStartFrom { get; init; }

    public ProbeResult? LastProbe { get; init; }

    /// <summary>When the last probe's result came, by the replica's monotonic clock.</summary>
    public TimeSpan? LastProbeAt { get; init; }

    /// <summary>Whether a picker may offer it; while half-open it is up to the cell's permits.</summary>
    public bool CanBePicked => Verdict.Verdict != Health.Verdict.Unhealthy && Breaker != BreakerPhase.Open && !Draining;
}
