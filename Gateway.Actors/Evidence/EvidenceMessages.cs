using Gateway.Core.Addressing;
using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;

namespace Gateway.Actors.Evidence;

/// <summary>
/// Command of an endpoint's actor: send the others' evidence on the endpoint, as <see cref="EvidenceChanged"/>, at once and on every change.
/// Ends with the actor. The actor's own observations stay until the endpoint is forgotten.
/// </summary>
public sealed record WatchEvidence(EndpointId Endpoint);

/// <summary>Command: this replica no longer has the endpoint; tell the others.</summary>
public sealed record ForgetEndpoint(EndpointId Endpoint);

/// <summary>Command of an endpoint's actor: this replica's view of the endpoint.</summary>
/// <param name="Verified">See <see cref="EvidenceEntry.Verified"/>.</param>
/// <param name="Why">The reason, for display.</param>
/// <param name="Confirms">See <see cref="EndpointStatus.Confirms"/>.</param>
public sealed record ObserveEndpoint(EndpointId Endpoint, Observation Observation, long Verified, string Why, bool Confirms = false);

/// <summary>Event: the evidence on the endpoint has changed, or whether this replica must probe it.</summary>
public sealed record EvidenceChanged(EndpointEvidence Evidence);
