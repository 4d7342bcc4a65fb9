using Gateway.Core.Endpoints;

namespace Gateway.Actors.Inspection;

/// <summary>The result of looking up an endpoint by text.</summary>
public abstract record EndpointLookup
{
    private EndpointLookup()
    {
    }

    public sealed record Found(Endpoint Endpoint, EndpointReport Report) : EndpointLookup;

    /// <param name="Why">The reason, on one line.</param>
    public sealed record Missing(string Why) : EndpointLookup;
}
