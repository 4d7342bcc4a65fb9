using System.Collections.Immutable;

namespace Gateway.Actors.Inspection;

/// <summary>What would become of a request, and why: found by routing it, not by sending it.</summary>
public abstract record RouteExplanation
{
    private RouteExplanation()
    {
    }

    /// <param name="Routes">Each route with each of its hosts, in the order in which they are asked.</param>
    /// <param name="Steps">What would be done, in order.</param>
    public sealed record Explained(ImmutableArray<RouteFinding> Routes, ImmutableArray<RouteStep> Steps) : RouteExplanation;

    /// <summary>What was asked about is no request.</summary>
    /// <param name="Why">One line.</param>
    public sealed record NoRequest(string Why) : RouteExplanation;
}

/// <summary>What was found of one route.</summary>
/// <param name="Host">One of its hosts; null: any.</param>
/// <param name="Result">Whether it takes the request, and else which condition does not hold.</param>
public sealed record RouteFinding(string Route, string? Host, string Path, string Result);

/// <summary>One thing that would be done.</summary>
/// <param name="Step">A word for it.</param>
public sealed record RouteStep(string Step, string Text);
