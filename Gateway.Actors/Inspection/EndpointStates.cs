using Gateway.Core.Endpoints;
using Gateway.Core.Evidence;

namespace Gateway.Actors.Inspection;

/// <summary>What is decided on an endpoint and what its pool makes of it, in one word.</summary>
public static class EndpointStates
{
    /// <param name="status">The endpoint's, read once by the caller.</param>
    public static EndpointState Of(Endpoint endpoint, EndpointStatus status) => status.Decision.Kind switch
    {
        _ when endpoint.Draining => EndpointState.Draining,
        DecisionKind.Ejected when endpoint.CanBePicked => EndpointState.Suspect,
        DecisionKind.Ejected => EndpointState.Ejected,
        DecisionKind.TrialsOnly => EndpointState.Trial,
        DecisionKind.Suspect => EndpointState.Suspect,
        _ => EndpointState.Available,
    };
}
