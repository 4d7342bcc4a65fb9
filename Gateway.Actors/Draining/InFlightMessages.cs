using System.Collections.Immutable;
using Gateway.Actors.Cluster;
using Gateway.Core.Endpoints;

namespace Gateway.Actors.Draining;

/// <summary>Query to <see cref="InFlightActor"/>: how many attempts are in flight at an endpoint, on every replica? Answered by <see cref="InFlightEverywhere"/>.</summary>
public sealed record CountInFlightEverywhere(EndpointId Endpoint);

/// <summary>
/// Answer: what each replica said. It comes when all that can be reached have answered, or after <see cref="InFlightActor.Patience"/>.
/// </summary>
/// <param name="Counts">This replica first, the others by id.</param>
public sealed record InFlightEverywhere(ImmutableArray<ReplicaInFlight> Counts);

/// <summary>What one replica has in flight at an endpoint.</summary>
/// <param name="Replica">Its name.</param>
/// <param name="Reachable">Whether the cluster hears from it.</param>
/// <param name="InFlight">Attempts in flight; null: it has not answered.</param>
/// <param name="Draining">Whether it sends no new ones: it is draining there, or the replica does not have it.</param>
public sealed record ReplicaInFlight(string Replica, bool Reachable, int? InFlight, bool Draining)
{
    /// <summary>Whether nothing is left there to wait for.</summary>
    public bool IsQuiet => Draining && InFlight == 0;
}

/// <summary>Between replicas: how many attempts have you in flight there?</summary>
/// <param name="Question">Comes back with the answer.</param>
public sealed record CountInFlight(EndpointId Endpoint, long Question) : IWireMessage;

/// <summary>Between replicas: the answer to <see cref="CountInFlight"/>.</summary>
public sealed record InFlightCounted(long Question, int InFlight, bool Draining) : IWireMessage;
