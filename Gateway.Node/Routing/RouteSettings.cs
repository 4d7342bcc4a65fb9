using System.Collections.Immutable;
using Gateway.Core.Overload;
using Gateway.Http;
using Gateway.Node.Limiting;

namespace Gateway.Node.Routing;

/// <summary>A rule that sends requests to a pool, and its changes to them. All given conditions must be met; one not given is always met.</summary>
public sealed record RouteSettings
{
    /// <summary>The unique name, for logs.</summary>
    public required string Name { get; init; }

    /// <summary>Planes of httpcg URLs. Default none: requests without such a URL.</summary>
    public ImmutableArray<HttpcgPlane> Planes { get; init; } = [];

    /// <summary>
    /// Hosts, or the authority of httpcg URLs; without port, case-insensitive. <c>*.example.com</c> matches everything below example.com at any depth, not the
    /// domain itself. Default none: any.
    /// </summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>
    /// The whole path, case-sensitive: <c>/about</c> matches only that. A segment in braces matches any one non-empty segment: <c>/users/{id}/orders</c>.
    /// Compared by meaning, not by spelling: <see cref="Routing.MatchedPath"/>. Default null: <see cref="PathPrefix"/> applies.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>
    /// A prefix, on segment boundaries and case-sensitive: <c>/api</c>, like <c>/api/</c>, matches <c>/api</c> and <c>/api/x</c>, not <c>/apix</c>. Compared by
    /// meaning, not by spelling: <see cref="Routing.MatchedPath"/>. Default <c>/</c>: any.
    /// </summary>
    public string PathPrefix { get; init; } = "/";

    /// <summary>Methods, case-sensitive. Default none: any.</summary>
    public ImmutableArray<string> Methods { get; init; } = [];

    /// <summary>Required header fields. Default none.</summary>
    public ImmutableArray<HeaderCondition> Headers { get; init; } = [];

    /// <summary>Required query parameters. Default none.</summary>
    public ImmutableArray<QueryCondition> Query { get; init; } = [];

    /// <summary>The name of an existing pool; null: <see cref="Split"/>, <see cref="Redirect"/> or <see cref="Answer"/> is set.</summary>
    public required string? Pool { get; init; }

    /// <summary>Default null: all requests go to the pool.</summary>
    public SplitSettings? Split { get; init; }

    /// <summary>Default null: no copies.</summary>
    public MirrorSettings? Mirror { get; init; }

    /// <summary>Default null: the pool's strategy picks the endpoint of each request.</summary>
    public AffinitySettings? Affinity { get; init; }

    /// <summary>Default null: the path stays.</summary>
    public RewriteSettings? Rewrite { get; init; }

    /// <summary>Changes to the fields of requests. Default none.</summary>
    public FieldChanges RequestFields { get; init; } = FieldChanges.None;

    /// <summary>Changes to the fields of answers, a backend's and the route's own. Default none.</summary>
    public FieldChanges ResponseFields { get; init; } = FieldChanges.None;

    /// <summary>Default null: requests go to the pool. Excludes <see cref="Answer"/> and a pool.</summary>
    public RedirectSettings? Redirect { get; init; }

    /// <summary>Default null: requests go to the pool. Excludes <see cref="Redirect"/> and a pool.</summary>
    public AnswerSettings? Answer { get; init; }

    /// <summary>Time until the head of the final answer, including retries. Default null: the pool's; 1 ms to 1 h.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>Time of one attempt, from the request fully sent to the head. Default null: the pool's; limited to half the request timeout.</summary>
    public TimeSpan? TryTimeout { get; init; }

    /// <summary>Time without a byte either way after the head. Default null: the pool's; 1 ms to 1 day.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Further attempts after the first. Default null: the pool's; 0 to 10.</summary>
    public int? RetryAttempts { get; init; }

    /// <summary>Allowed clients, among those that the gateway admits. Default null: all. Others get 403.</summary>
    public ClientSettings? Clients { get; init; }

    /// <summary>The rate limit of clients. Default null: the limit shared by all routes without their own; 0 requests mean no limit.</summary>
    public RateLimitSettings? RateLimit { get; init; }

    /// <summary>Which requests are refused first under overload.</summary>
    public RequestPriority Priority { get; init; }

    /// <summary>The largest request body in bytes. Default null: the limit of the process.</summary>
    public long? MaxRequestBodySize { get; init; }
}

/// <summary>A required header field. At most one of value and prefix is given; with neither, any value matches, even an empty one.</summary>
/// <param name="Name">Case-insensitive.</param>
/// <param name="Value">The exact value of one of its lines.</param>
/// <param name="Prefix">The start of one of its lines.</param>
public sealed record HeaderCondition(string Name, string? Value = null, string? Prefix = null)
{
    public override string ToString() => Value is not null ? $"{Name}: {Value}" : Prefix is not null ? $"{Name}: {Prefix}*" : Name;
}

/// <summary>A required query parameter. Name and value are compared decoded, case-sensitive.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The exact value of one parameter of that name; null: any value, or none.</param>
public sealed record QueryCondition(string Name, string? Value = null)
{
    public override string ToString() => Value is null ? Name : $"{Name}={Value}";
}
