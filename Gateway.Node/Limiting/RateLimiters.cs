using System.Collections.Immutable;

namespace Gateway.Node.Limiting;

/// <summary>The rate limits in force: one per route with its own, and one shared by the others. Immutable.</summary>
internal sealed class RateLimiters
{
    /// <summary>The shared limit's name, as sent to clients.</summary>
    private const string SharedName = "default";

    /// <summary>The key of the shared limit; no route has this name.</summary>
    private const string Shared = "";

    private readonly ImmutableDictionary<string, RateLimiter> _byName;

    private RateLimiters(ImmutableDictionary<string, RateLimiter> byName) => _byName = byName;

    public static RateLimiters None { get; } = new(ImmutableDictionary<string, RateLimiter>.Empty);

    /// <summary>All limits.</summary>
    public IEnumerable<RateLimiter> All => _byName.Values;

    /// <summary>The limits of other settings. An unchanged limit keeps its buckets; any other begins with full ones.</summary>
    /// <param name="shared">The limit of all routes without their own; null: none.</param>
    /// <param name="routes">The names of routes with their own limits.</param>
    public RateLimiters With(RateLimitSettings? shared, IEnumerable<(string Route, RateLimitSettings Settings)> routes)
    {
        IEnumerable<(string Route, RateLimitSettings Settings)> wanted = shared is { } all ? routes.Append((Shared, all)) : routes;
        return new(wanted
            .Where(limit => limit.Settings.Requests > 0)
            .ToImmutableDictionary(limit => limit.Route, limit => Existing(limit.Route, limit.Settings) ?? new(limit.Route == Shared ? SharedName : limit.Route, limit.Settings)));
    }

    /// <summary>The limit of a route; null: none.</summary>
    /// <param name="own">The route's own settings; null: none.</param>
    public RateLimiter? Of(string route, RateLimitSettings? own) => _byName.GetValueOrDefault(own is null ? Shared : route);

    private RateLimiter? Existing(string name, RateLimitSettings settings) =>
        _byName.TryGetValue(name, out var limiter) && limiter.Settings == settings ? limiter : null;
}
