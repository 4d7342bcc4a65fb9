using Akka.Actor;
using Gateway.Actors.Surroundings;
using Gateway.Core.Addressing;
using Gateway.Core.Grants;

namespace Gateway.Actors.Grants;

/// <summary>The turns among replicas that want to try an endpoint, as its actor knows them.</summary>
/// <param name="Actor">The <see cref="GrantsActor"/>.</param>
public sealed record TrialTurns(IActorRef Actor, ClusterViews Views)
{
    /// <summary>Whether no other gateway is reachable, so that there are no turns.</summary>
    public bool IsAlone(EndpointId endpoint) => Granter.Of(endpoint, Views.Current) is null;
}
