using Gateway.Core.Breaking;
using Gateway.Core.Evidence;
using Gateway.Core.Grants;
using Gateway.Core.Health;

namespace Gateway.Core.Endpoints;

/// <summary>What an endpoint's decision asks its actor to do. Carried out in one place, in the order given.</summary>
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

    /// <summary>Half-open after this time, if nothing moves the breaker of this epoch before.</summary>
    public sealed record ArmBreak(TimeSpan After, uint Epoch) : EndpointEffect;

    public sealed record DisarmBreak : EndpointEffect;

    /// <summary>Give up this epoch's trials if they have not reported within the request timeout.</summary>
    public sealed record WatchTrials(uint Epoch) : EndpointEffect;

    /// <summary>Ask for leave to send a trial, and again until it comes.</summary>
    public sealed record SeekGrant(uint Epoch) : EndpointEffect;

    /// <summary>Take the leave back if no trial comes of it in this epoch within <see cref="EndpointDecision.UnusedGrant"/>.</summary>
    public sealed record WatchGrant(uint Epoch) : EndpointEffect;

    /// <summary>Say that a trial is under way.</summary>
    public sealed record UseGrant : EndpointEffect;

    /// <summary>Say that this replica has done with its trials; all hear of a success.</summary>
    public sealed record EndTrials(GrantEnd How) : EndpointEffect;

    /// <summary>Give it its full weight back at this time.</summary>
    public sealed record ArmEase(TimeSpan Until) : EndpointEffect;

    /// <summary>Bring it back at this time, if it is still out as an outlier.</summary>
    public sealed record ArmOutlier(TimeSpan Until) : EndpointEffect;

    /// <summary>Log and count.</summary>
    public sealed record Decided(Decision From, Decision To) : EndpointEffect;

    /// <summary>Doubt the breaker, or no longer. Said again at further bad news.</summary>
    public sealed record DoubtTraffic(bool On) : EndpointEffect;

    /// <summary>End the hold at this time, if nothing does before. Count it.</summary>
    public sealed record ArmHold(TimeSpan Until) : EndpointEffect;

    /// <summary>Probe, or no longer, by <see cref="EndpointStatus.Duty"/>; at once when that is new.</summary>
    public sealed record ChangeDuty : EndpointEffect;

    /// <summary>Probe because of a report, as soon as the fast interval allows.</summary>
    public sealed record Verify : EndpointEffect;

    /// <summary>Tell the others what is seen.</summary>
    public sealed record Testify : EndpointEffect;

    /// <summary>Tell the router that the status changed.</summary>
    public sealed record Publish : EndpointEffect;
}
