using Gateway.Core.Breaking;
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

    /// <summary>Tell the router that the status changed.</summary>
    public sealed record Publish : EndpointEffect;
}
