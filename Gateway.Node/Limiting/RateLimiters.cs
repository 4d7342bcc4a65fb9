using System.Collections.Immutable;

namespace Gateway.Node.Limiting;

/// <summary>The rate limits in force: one for each route that has its own, and one that all others share. Immutable.</summary>
internal sealed class RateLimiters
{
    /// <summary>What clients are told that the limit of all other routes is called.</summary>
    private const string SharedName = "default";

    /// <summary>In the place of a route's name; no route has this one.</summary>
    private const string Shared = "";

    private readonly ImmutableDictionary<string, RateLimiter> _byName;

    private RateLimiters(ImmutableDictionary<string, RateLimiter> byName) => _byName = byName;

    public static RateLimiters None { get; } = new(ImmutableDictionary<string, RateLimiter>.Empty);

    /// <summary>By name.</summary>
    public IEnumerable<RateLimiter> All => _byName.Values;

    /// <summary>Those of other settings. A limit that has not changed goes on with its buckets as they are; any other begins with full ones.</summary>
    /// <param name="shared">Of all routes that have none of their own; null: none.</param>
    /// <param name="routes">Routes' names with their own limits.</param>
    public RateLimiters With(RateLimitSettings? shared, IEnumerable<(string Route, RateLimitSettings Settings)> routes)
    {
        IEnumerable<(string Route, RateLimitSettings Settings)> wanted = shared is { } all ? routes.Append((Shared, all)) : routes;
        return new(wanted
            .Where(limit => limit.Settings.Requests > 0)
            .ToImmutableDictionary(limit => limit.Route, limit => Existing(limit.Route, limit.Settings) ?? new(limit.Route == Shared ? SharedName : limit.Route, limit.Settings)));
    }

    /// <summary>The limit that a route goes by; null: none.</summary>
    /// <param name="own">The route's own settings; null: it has none.</param>
    public RateLimiter? Of(string route, RateLimitSettings? own) => _byName.GetValueOrDefault(own is null ? Shared : route);

    private RateLimiter? Existing(string name, RateLimitSettings settings) =>
        _byName.TryGetValue(name, out var limiter) && limiter.Settings == settings ? limiter : null;
}
