using Gateway.Core.Addressing;
using Gateway.Core.Grants;

namespace Gateway.Actors.Grants;

/// <summary>Command of an endpoint's actor: send it the events on this endpoint's trials, until it ends.</summary>
public sealed record WatchTrials(EndpointId Endpoint);

/// <summary>Command: request a trial of this endpoint. Answered by <see cref="TrialsPermitted"/>, sooner or later. A repeated command changes nothing.</summary>
/// <param name="Epoch">The breaker's epoch.</param>
/// <param name="Timeout">The longest duration of a trial.</param>
public sealed record SeekGrant(EndpointId Endpoint, uint Epoch, TimeSpan Timeout);

/// <summary>Event: a trial was sent.</summary>
public sealed record TrialSent(EndpointId Endpoint);

/// <summary>Event: the endpoint's trials are over, or no longer wanted. A success is sent to all replicas.</summary>
public sealed record TrialsEnded(EndpointId Endpoint, GrantEnd How);

/// <summary>Event to an endpoint's actor: trials may be sent.</summary>
/// <param name="Epoch">The breaker's epoch in which they were wanted.</param>
/// <param name="Own">Whether the breaker's own limit applies, because the granter did not answer; otherwise one trial at a time.</param>
public sealed record TrialsPermitted(uint Epoch, bool Own);

/// <summary>Event to an endpoint's actor: another replica's trial succeeded.</summary>
public sealed record ProvenElsewhere;
