using System.Collections.Immutable;
using Gateway.Core.Overload;
using Gateway.Http;
using Gateway.Node.Limiting;

namespace Gateway.Node.Routing;

/// <summary>Which requests go to which pool, and what is done to them on the way. All conditions given must hold; each that is not given holds always.</summary>
public sealed record RouteSettings
{
    /// <summary>For logs; each only once.</summary>
    public required string Name { get; init; }

    /// <summary>Planes of the httpcg URLs that it takes. Default none: requests without such a URL.</summary>
    public ImmutableArray<HttpcgPlane> Planes { get; init; } = [];

    /// <summary>
    /// Hosts it takes; of httpcg URLs the authority; without port; case does not matter. <c>*.example.com</c> takes all below example.com at any depth, not itself.
    /// Default none: any.
    /// </summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>
    /// The whole path, with case: <c>/about</c> takes just that. A segment in braces takes any one segment that is not empty: <c>/users/{id}/orders</c>.
    /// Compared by meaning, not by spelling: <see cref="Routing.MatchedPath"/>. Default null: <see cref="PathPrefix"/> says.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>
    /// On segment boundaries and with case: <c>/api</c>, and just so <c>/api/</c>, takes <c>/api</c> and <c>/api/x</c>, not <c>/apix</c>.
    /// Compared by meaning, not by spelling: <see cref="Routing.MatchedPath"/>. Default <c>/</c>: any.
    /// </summary>
    public string PathPrefix { get; init; } = "/";

    /// <summary>Methods it takes, with case. Default none: any.</summary>
    public ImmutableArray<string> Methods { get; init; } = [];

    /// <summary>Header fields that must all be there. Default none.</summary>
    public ImmutableArray<HeaderCondition> Headers { get; init; } = [];

    /// <summary>Parameters of the query that must all be there. Default none.</summary>
    public ImmutableArray<QueryCondition> Query { get; init; } = [];

    /// <summary>The name of a pool that exists; null: <see cref="Split"/>, <see cref="Redirect"/> or <see cref="Answer"/> says what becomes of requests.</summary>
    public required string? Pool { get; init; }

    /// <summary>Default null: all requests go to the pool.</summary>
    public SplitSettings? Split { get; init; }

    /// <summary>Default null: no copies are made.</summary>
    public MirrorSettings? Mirror { get; init; }

    /// <summary>Default null: each request goes to whichever endpoint the pool's strategy picks.</summary>
    public AffinitySettings? Affinity { get; init; }

    /// <summary>Default null: the path stays.</summary>
    public RewriteSettings? Rewrite { get; init; }

    /// <summary>What is done to the fields of requests. Default nothing.</summary>
    public FieldChanges RequestFields { get; init; } = FieldChanges.None;

    /// <summary>What is done to the fields of answers, a backend's and the route's own. Default nothing.</summary>
    public FieldChanges ResponseFields { get; init; } = FieldChanges.None;

    /// <summary>Default null: requests go to the pool. Not together with <see cref="Answer"/> or a pool.</summary>
    public RedirectSettings? Redirect { get; init; }

    /// <summary>Default null: requests go to the pool. Not together with <see cref="Redirect"/> or a pool.</summary>
    public AnswerSettings? Answer { get; init; }

    /// <summary>Until the head of the final answer, retries included. Default null: the pool's; 1 ms to 1 h.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>For one attempt, from the request fully sent to the head. Default null: the pool's; in force is at most half the request timeout.</summary>
    public TimeSpan? TryTimeout { get; init; }

    /// <summary>Without a byte either way once the head has come. Default null: the pool's; 1 ms to 1 day.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Further attempts after the first. Default null: the pool's; 0 to 10.</summary>
    public int? RetryAttempts { get; init; }

    /// <summary>Clients that it serves, of those that are served at all. Default null: all. Others get 403.</summary>
    public ClientSettings? Clients { get; init; }

    /// <summary>How many requests clients may send. Default null: the limit of all routes that have none of their own; one of 0 requests is no limit.</summary>
    public RateLimitSettings? RateLimit { get; init; }

    /// <summary>Which requests are refused first when there are too many.</summary>
    public RequestPriority Priority { get; init; }

    /// <summary>Largest request body in bytes. Default null: the limit of the process.</summary>
    public long? MaxRequestBodySize { get; init; }
}

/// <summary>A header field that must be there. At most one of value and prefix is given; with neither, any value will do, also an empty one.</summary>
/// <param name="Name">Case does not matter.</param>
/// <param name="Value">What one of its lines must be, exactly.</param>
/// <param name="Prefix">What one of its lines must begin with.</param>
public sealed record HeaderCondition(string Name, string? Value = null, string? Prefix = null)
{
    public override string ToString() => Value is not null ? $"{Name}: {Value}" : Prefix is not null ? $"{Name}: {Prefix}*" : Name;
}

/// <summary>A parameter of the query that must be there. Name and value are compared decoded, with case.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">What one of those of that name must be, exactly; null: any value, also none.</param>
public sealed record QueryCondition(string Name, string? Value = null)
{
    public override string ToString() => Value is null ? Name : $"{Name}={Value}";
}
