using System.Collections.Immutable;

namespace Gateway.Actors.Inspection;

/// <summary>The handling that a request would get, and why: found by routing it without sending it.</summary>
public abstract record RouteExplanation
{
    private RouteExplanation()
    {
    }

    /// <param name="Routes">Each route with each of its hosts, in matching order.</param>
    /// <param name="Steps">The steps of handling, in order.</param>
    public sealed record Explained(ImmutableArray<RouteFinding> Routes, ImmutableArray<RouteStep> Steps) : RouteExplanation;

    /// <summary>The input is not a valid request.</summary>
    /// <param name="Why">The reason, on one line.</param>
    public sealed record NoRequest(string Why) : RouteExplanation;
}

/// <summary>The result for one route.</summary>
/// <param name="Host">One of its hosts; null for any.</param>
/// <param name="Result">Whether it matches the request, or else which condition does not hold.</param>
public sealed record RouteFinding(string Route, string? Host, string Path, string Result);

/// <summary>One step of handling.</summary>
/// <param name="Step">A keyword for it.</param>
public sealed record RouteStep(string Step, string Text);
