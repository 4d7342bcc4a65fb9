using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Grants;
using Gateway.Core.Health;

namespace Gateway.Core.Endpoints;

/// <summary>An action that an endpoint's decision asks of its actor. All are carried out in one place, in order.</summary>
public abstract record EndpointEffect
{
    private EndpointEffect()
    {
    }

    /// <summary>Log and count.</summary>
    public sealed record VerdictChanged(Verdict From, Verdict To, string Why) : EndpointEffect;

    /// <summary>Log and count.</summary>
    public sealed record BreakerMoved(BreakerPhase From, BreakerPhase To, string Why) : EndpointEffect;

    /// <summary>Log and count.</summary>
    public sealed record TrialsLost(uint Epoch) : EndpointEffect;

    /// <summary>Half-open after this time, unless the breaker leaves this epoch first.</summary>
    public sealed record ArmBreak(TimeSpan After, uint Epoch) : EndpointEffect;

    public sealed record DisarmBreak : EndpointEffect;

    /// <summary>Give up this epoch's trials unless they report within the request timeout.</summary>
    public sealed record WatchTrials(uint Epoch) : EndpointEffect;

    /// <summary>Ask for a trial grant, and again until it comes.</summary>
    public sealed record SeekGrant(uint Epoch) : EndpointEffect;

    /// <summary>Return the grant if it is not used in this epoch within <see cref="EndpointDecision.UnusedGrant"/>.</summary>
    public sealed record WatchGrant(uint Epoch) : EndpointEffect;

    /// <summary>Report that a trial is in flight.</summary>
    public sealed record UseGrant : EndpointEffect;

    /// <summary>Report the end of this replica's trials; all replicas are informed of a success.</summary>
    public sealed record EndTrials(GrantEnd How) : EndpointEffect;

    /// <summary>Restore the full weight at this time.</summary>
    public sealed record ArmEase(TimeSpan Until) : EndpointEffect;

    /// <summary>End the outlier ejection at this time.</summary>
    public sealed record ArmOutlier(TimeSpan Until) : EndpointEffect;

    /// <summary>Log and count.</summary>
    public sealed record Decided(Decision From, Decision To) : EndpointEffect;

    /// <summary>Set or clear the doubt on the breaker. Repeated for further bad reports.</summary>
    public sealed record DoubtTraffic(bool On) : EndpointEffect;

    /// <summary>End the hold at this time, unless it ends earlier. Count it.</summary>
    public sealed record ArmHold(TimeSpan Until) : EndpointEffect;

    /// <summary>Start or stop probing, as <see cref="EndpointStatus.Duty"/> says; probe at once on a new duty.</summary>
    public sealed record ChangeDuty : EndpointEffect;

    /// <summary>Probe to verify a report, as soon as the fast interval allows.</summary>
    public sealed record Verify : EndpointEffect;

    /// <summary>Publish this replica's evidence to the others.</summary>
    public sealed record ShareObservation : EndpointEffect;

    /// <summary>Tell the router that the status changed.</summary>
    public sealed record Publish : EndpointEffect;
}
