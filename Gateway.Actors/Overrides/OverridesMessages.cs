using Akka.Actor;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Overrides;

namespace Gateway.Actors.Overrides;

/// <summary>
/// Command to <see cref="OverridesActor"/>: an operator's change to an endpoint. Answered by <see cref="Local.PoolsConfigured"/> when it is in force on this
/// replica; the others follow. Or by <see cref="ChangeRefused"/>.
/// </summary>
public sealed record ChangeEndpoint(EndpointId Endpoint, EndpointChange Change, string Who);

/// <summary>Answer to <see cref="ChangeEndpoint"/>: nothing was changed.</summary>
/// <param name="Why">The reason, on one line.</param>
public sealed record ChangeRefused(string Why);

/// <summary>Command to <see cref="OverridesActor"/>: merge a part received from others.</summary>
/// <param name="Part">The number of the part.</param>
public sealed record MergeOverrides(int Part, OverridePart Theirs);

/// <summary>Command to <see cref="OverridesActor"/>: send <see cref="OverridesChanged"/> to this actor, now and on every change. The latest subscriber replaces earlier ones.</summary>
public sealed record ShareOverrides(IActorRef Sharer);

/// <summary>Event: the cluster's changes at the time of joining have been read, as far as possible.</summary>
public sealed record OverridesRead;

/// <summary>Event: the replica's current changes.</summary>
public sealed record OverridesChanged(OverrideMap Map);

/// <summary>Command to the pools: operators have said something new (<see cref="ActorEnvironment.Overrides"/>). Answered as a new configuration of theirs is.</summary>
public sealed record ReapplyOverrides;
