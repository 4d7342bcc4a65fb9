using System.Text;
using Gateway.Node.Limiting;

namespace Gateway.Node.Routing;

/// <summary>A route's actions besides choosing the pool. Built once, with the table; immutable.</summary>
internal sealed class RouteActions
{
    private RouteActions(RouteSettings route, RoutePath path, Func<string, byte[]> keyOf, RateLimiters limiters)
    {
        Clients = ClientRule.Of(route.Clients);
        Limiter = limiters.Of(route.Name, route.RateLimit);
        Affinity = route.Affinity is { } affinity ? new RouteAffinity(affinity, affinity.KeyFile is { } file ? keyOf(file) : null) : null;
        Rewrite = PathRewrite.Of(route.Rewrite, path);
        RequestFields = FieldEdit.Of(route.RequestFields);
        ResponseFields = FieldEdit.Of(route.ResponseFields);
        Policies = PolicyOverlay.Of(route);
        Redirect = route.Redirect is { } redirect ? new RedirectTemplate(redirect, path) : null;
        Answer = route.Answer is { } answer ? new FixedAnswer(answer.Status, answer.ContentType, Encoding.UTF8.GetBytes(answer.Body)) : null;
    }

    /// <summary>null: all clients that the gateway admits.</summary>
    public ClientRule? Clients { get; }

    /// <summary>null: no rate limit.</summary>
    public RateLimiter? Limiter { get; }

    /// <summary>null: no affinity.</summary>
    public RouteAffinity? Affinity { get; }

    /// <summary>null: the path stays.</summary>
    public PathRewrite? Rewrite { get; }

    /// <summary>null: they stay.</summary>
    public FieldEdit? RequestFields { get; }

    /// <summary>null: they stay.</summary>
    public FieldEdit? ResponseFields { get; }

    /// <summary>null: the pool's apply.</summary>
    public PolicyOverlay? Policies { get; }

    /// <summary>A redirect that replaces a backend's answer; null: none.</summary>
    public RedirectTemplate? Redirect { get; }

    /// <summary>An answer that replaces a backend's; null: none.</summary>
    public FixedAnswer? Answer { get; }

    /// <summary>Whether requests may be refused because of their client.</summary>
    public bool IsGuarded => Limiter is not null || Clients is not null;

    public bool IsAnswered => Redirect is not null || Answer is not null;

    /// <summary>null if it only chooses the pool.</summary>
    /// <param name="keyOf">Returns the key in a file.</param>
    /// <param name="limiters">The rate limits in force.</param>
    public static RouteActions? Of(RouteSettings route, RoutePath path, Func<string, byte[]> keyOf, RateLimiters limiters) =>
        new RouteActions(route, path, keyOf, limiters) is { IsEmpty: false } actions ? actions : null;

    private bool IsEmpty => !IsGuarded && Affinity is null && Rewrite is null && RequestFields is null && ResponseFields is null && Policies is null && !IsAnswered;
}

/// <summary>A fixed answer of the gateway's own.</summary>
internal sealed record FixedAnswer(int Status, string ContentType, byte[] Body);
