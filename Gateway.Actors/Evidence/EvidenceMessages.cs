using Gateway.Core.Addressing;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;

namespace Gateway.Actors.Evidence;

/// <summary>
/// Command of an endpoint's actor: tell me, by <see cref="EvidenceChanged"/>, what others see of the endpoint, at once and whenever it changes.
/// Ends with the actor. What it has observed stays said until the endpoint is forgotten.
/// </summary>
public sealed record WatchEvidence(EndpointId Endpoint);

/// <summary>Command: this replica has that endpoint no longer; say so.</summary>
public sealed record ForgetEndpoint(EndpointId Endpoint);

/// <summary>Command of an endpoint's actor: this is what this replica sees of the endpoint.</summary>
/// <param name="Verified">See <see cref="Observation.Verified"/>.</param>
/// <param name="Why">For people.</param>
/// <param name="Confirms">See <see cref="EndpointStatus.Confirms"/>.</param>
public sealed record ObserveEndpoint(EndpointId Endpoint, Sight Sight, long Verified, string Why, bool Confirms = false);

/// <summary>Event: what others say of the endpoint has changed, or whether this replica is to probe it.</summary>
public sealed record EvidenceChanged(EndpointEvidence Evidence);
