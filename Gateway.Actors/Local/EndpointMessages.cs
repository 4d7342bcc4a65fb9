using Gateway.Core.Addressing;
using Gateway.Core.Breaking;
using Gateway.Core.Outcomes;

namespace Gateway.Actors.Local;

/// <summary>Command: the pool's or the endpoint's settings have changed; take them up.</summary>
public sealed record ReconfigureEndpoint;

/// <summary>Command: an actor that the endpoint's keeps informed may have forgotten it; make it known again, and say anew what is seen.</summary>
public sealed record Introduce;

/// <summary>Command: an operator does this to the breaker of this replica.</summary>
public sealed record HoldBreaker(BreakerHold Hold);

/// <summary>Command: an operator wants it probed, now, however fresh the last result is.</summary>
public sealed record ProbeEndpoint;

/// <summary>Event: traffic made an edge of the breaker.</summary>
public sealed record BreakerSignalled(BreakerEdge Edge, uint Epoch, FailureReason Reason);

/// <summary>Event: the endpoint leaves everything that is sent to it waiting, or no longer.</summary>
public sealed record TrafficStalled(bool Stalled);

/// <summary>Event: the pool has judged the endpoint by what came of its requests.</summary>
/// <param name="Why">Why it is an outlier and out; null: it is none.</param>
public sealed record OutlierJudged(string? Why);

/// <summary>Event: the endpoint's status has changed, so that the picker has to be built again.</summary>
public sealed record EndpointChanged(EndpointId Endpoint);
