using Gateway.Core.Addressing;
using Gateway.Core.Breaking;
using Gateway.Core.Outcomes;

namespace Gateway.Actors.Local;

/// <summary>Command: apply the changed settings of the pool.</summary>
public sealed record ReconfigureEndpoint;

/// <summary>Command: introduce the endpoint again, and resend its view, to an actor that may have lost them.</summary>
public sealed record Introduce;

/// <summary>An operator's command to an endpoint's actor. <see cref="PoolsActor"/> passes it on, see <see cref="ToEndpoint"/>.</summary>
public abstract record EndpointCommand
{
    private EndpointCommand()
    {
    }

    /// <summary>Controls this replica's breaker.</summary>
    public sealed record HoldBreaker(BreakerHold Hold) : EndpointCommand;

    /// <summary>Probes now, however recent the last result is.</summary>
    public sealed record Probe : EndpointCommand;
}

/// <summary>Event: an edge of the breaker caused by traffic.</summary>
public sealed record BreakerSignalled(BreakerEdge Edge, uint Epoch, FailureReason Reason);

/// <summary>Event: the endpoint has stalled, with all attempts waiting, or has recovered.</summary>
public sealed record TrafficStalled(bool Stalled);

/// <summary>Event: the pool's outlier judgement on the endpoint.</summary>
/// <param name="Why">The reason why it is an outlier and ejected; null if it is not.</param>
public sealed record OutlierJudged(string? Why);

/// <summary>Event: the endpoint's status has changed, so that the picker must be rebuilt.</summary>
public sealed record EndpointChanged(EndpointId Endpoint);
