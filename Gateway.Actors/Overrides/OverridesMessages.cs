using Gateway.Core.Endpoints;
using Gateway.Core.Overrides;

namespace Gateway.Actors.Overrides;

/// <summary>
/// Command to <see cref="OverridesActor"/>: an operator says this of an endpoint. Answered by <see cref="Local.PoolsConfigured"/> when it is in force on this
/// replica; the others follow.
/// </summary>
public sealed record ChangeEndpoint(EndpointId Endpoint, EndpointChange Change, string Who);

/// <summary>Command to <see cref="OverridesActor"/>: this is what others hold; take in what is newer.</summary>
public sealed record MergeOverrides(OverrideMap Map);

/// <summary>Event, on the event stream of the system <c>gateway</c>: this replica holds a newer word than before.</summary>
public sealed record OverridesChanged(OverrideMap Map);
