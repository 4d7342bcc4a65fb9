using Gateway.Core.Addressing;
using Gateway.Core.Grants;

namespace Gateway.Actors.Grants;

/// <summary>Command, from an endpoint's actor: until it ends it hears what concerns the trials of this endpoint.</summary>
public sealed record WatchTrials(EndpointId Endpoint);

/// <summary>Command: a request wants to be the trial of this endpoint. Answered by <see cref="TrialsPermitted"/>, sooner or later. Asking again changes nothing.</summary>
/// <param name="Epoch">The breaker's.</param>
/// <param name="Timeout">How long a trial can take.</param>
public sealed record SeekGrant(EndpointId Endpoint, uint Epoch, TimeSpan Timeout);

/// <summary>Event: a trial is under way.</summary>
public sealed record TrialSent(EndpointId Endpoint);

/// <summary>Event: the endpoint's trials are over, or not wanted any more. A success is told to all replicas.</summary>
public sealed record TrialsEnded(EndpointId Endpoint, GrantEnd How);

/// <summary>Event, to an endpoint's actor: trials may be sent.</summary>
/// <param name="Epoch">The breaker's when they were wanted.</param>
/// <param name="Own">Whether the granter did not answer, so that the breaker's own limit holds; else one at a time.</param>
public sealed record TrialsPermitted(uint Epoch, bool Own);

/// <summary>Event, to an endpoint's actor: another replica's trial succeeded.</summary>
public sealed record ProvenElsewhere;
