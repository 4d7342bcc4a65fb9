using System.Collections.Immutable;

namespace Gateway.Node.Routing;

/// <summary>Which requests go to which pool. All conditions given must hold; each that is not given holds always.</summary>
public sealed record RouteSettings
{
    /// <summary>For logs; each only once.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Hosts it takes, without port; case does not matter. <c>*.example.com</c> takes all below example.com at any depth, not itself.
    /// Default none: any.
    /// </summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>
    /// On segment boundaries and with case: <c>/api</c>, and just so <c>/api/</c>, takes <c>/api</c> and <c>/api/x</c>, not <c>/apix</c>.
    /// Compared by meaning, not by spelling: <see cref="Routing.MatchedPath"/>. Default <c>/</c>: any.
    /// </summary>
    public string PathPrefix { get; init; } = "/";

    /// <summary>The prefix as paths are held against it: without a slash at its end; empty takes any.</summary>
    internal string MatchedPrefix => (MatchedPath.Of(PathPrefix, out _) ?? PathPrefix).TrimEnd('/');

    /// <summary>Methods it takes, with case. Default none: any.</summary>
    public ImmutableArray<string> Methods { get; init; } = [];

    /// <summary>Header fields that must all be there. Default none.</summary>
    public ImmutableArray<HeaderCondition> Headers { get; init; } = [];

    /// <summary>The name of a pool that exists.</summary>
    public required string Pool { get; init; }

    /// <summary>Largest request body in bytes. Default null: the limit of the process.</summary>
    public long? MaxRequestBodySize { get; init; }
}

/// <summary>A header field that must be there.</summary>
/// <param name="Name">Case does not matter.</param>
/// <param name="Value">What one of its lines must be, exactly; null: any value, also an empty one.</param>
public sealed record HeaderCondition(string Name, string? Value = null);
