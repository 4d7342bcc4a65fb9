using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;
using Gateway.Core.Pools;

namespace Gateway.Actors.Inspection;

/// <summary>Derives an endpoint's state from the decision on it and its standing in the pool.</summary>
public static class EndpointStates
{
    /// <param name="status">The endpoint's status, read once by the caller.</param>
    public static EndpointState Of(PoolMember member, EndpointStatus status) => status.Decision.Kind switch
    {
        _ when member.Draining => EndpointState.Draining,
        DecisionKind.Ejected when member.MayBePicked(status) => EndpointState.Suspect,
        DecisionKind.Ejected => EndpointState.Ejected,
        DecisionKind.TrialsOnly => EndpointState.Trial,
        DecisionKind.Suspect => EndpointState.Suspect,
        _ => EndpointState.Available,
    };
}
