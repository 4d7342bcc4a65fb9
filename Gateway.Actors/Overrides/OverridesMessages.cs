using Akka.Actor;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Overrides;

namespace Gateway.Actors.Overrides;

/// <summary>
/// Command to <see cref="OverridesActor"/>: an operator's change to an endpoint. Answered by <see cref="ChangeAnswer"/>, or by a failure if it is not in force in
/// time.
/// </summary>
public sealed record ChangeEndpoint(EndpointId Endpoint, EndpointChange Change, string Who);

/// <summary>Answer to <see cref="ChangeEndpoint"/>.</summary>
public abstract record ChangeAnswer
{
    private ChangeAnswer()
    {
    }

    /// <summary>The change is in force on this replica; the others follow.</summary>
    public sealed record InForce : ChangeAnswer;

    /// <summary>Nothing was changed.</summary>
    /// <param name="Why">The reason, on one line.</param>
    public sealed record Refused(string Why) : ChangeAnswer;
}

/// <summary>Command to <see cref="OverridesActor"/>: merge a part received from others.</summary>
/// <param name="Part">The number of the part.</param>
public sealed record MergeOverrides(int Part, OverridePart Theirs);

/// <summary>Command to <see cref="OverridesActor"/>: send <see cref="OverridesChanged"/> to this actor, now and on every change. The latest subscriber replaces earlier ones.</summary>
public sealed record ShareOverrides(IActorRef Sharer);

/// <summary>Event: the cluster's changes at the time of joining have been read, as far as possible.</summary>
public sealed record OverridesRead;

/// <summary>Event: the replica's current changes.</summary>
public sealed record OverridesChanged(OverrideMap Map);

/// <summary>Command to the pools: operators have made changes (<see cref="OverridesHolder.Current"/>). Answered by <see cref="ChangeAnswer.InForce"/>, or by a failure.</summary>
public sealed record ReapplyOverrides;
