using Gateway.Core.Endpoints;

namespace Gateway.Actors.Inspection;

/// <summary>What a text that should name an endpoint comes to.</summary>
public abstract record EndpointLookup
{
    private EndpointLookup()
    {
    }

    public sealed record Found(Endpoint Endpoint, EndpointReport Report) : EndpointLookup;

    /// <param name="Why">One line for people.</param>
    public sealed record Missing(string Why) : EndpointLookup;
}
