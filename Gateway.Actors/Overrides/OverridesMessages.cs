using Akka.Actor;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Overrides;

namespace Gateway.Actors.Overrides;

/// <summary>
/// Command to <see cref="OverridesActor"/>: an operator says this of an endpoint. Answered by <see cref="Local.PoolsConfigured"/> when it is in force on this
/// replica; the others follow. Or by <see cref="ChangeRefused"/>.
/// </summary>
public sealed record ChangeEndpoint(EndpointId Endpoint, EndpointChange Change, string Who);

/// <summary>Answer to <see cref="ChangeEndpoint"/>: nothing was changed.</summary>
/// <param name="Why">One line for people.</param>
public sealed record ChangeRefused(string Why);

/// <summary>Command to <see cref="OverridesActor"/>: this is a part as others hold it; take in what is new.</summary>
/// <param name="Part">Which part.</param>
public sealed record MergeOverrides(int Part, OverridePart Theirs);

/// <summary>Command to <see cref="OverridesActor"/>: tell this one, by <see cref="OverridesChanged"/>, what is held, now and whenever it changes. The last one to ask is told.</summary>
public sealed record ShareOverrides(IActorRef Sharer);

/// <summary>Event: what the cluster held when this replica joined has been read, as far as it could be.</summary>
public sealed record OverridesRead;

/// <summary>Event: this is what the replica holds.</summary>
public sealed record OverridesChanged(OverrideMap Map);

/// <summary>Command to the pools: operators have said something new (<see cref="ActorEnvironment.Overrides"/>). Answered as a new configuration of theirs is.</summary>
public sealed record ReapplyOverrides;
