using System.Globalization;
using Gateway.Http;
using Gateway.Node.Limiting;
using Gateway.Node.Routing;

namespace Gateway.Node.Engine;

/// <summary>What a route lets through of what it takes: within its rate limit.</summary>
internal static class RequestGuard
{
    /// <summary>Why a request is refused; null: it is not. Counts it, either way.</summary>
    public static Problem? Judge(ProxyLoop loop, string route, RouteActions actions, RequestHead request, ReadOnlySpan<byte> head, ClientAddress address)
    {
        if (actions.Limiter is not { } limiter)
        {
            return null;
        }

        var client = address.ClientOf(request, head, loop.Context.State.Current.Settings.TrustedProxies);
        if (limiter.TryTake(request.Fields, head, client, loop.Now, out var wait))
        {
            return null;
        }

        loop.Context.Metrics.Limits.RateLimited(route);
        return Limited(limiter, wait);
    }

    private static Problem Limited(RateLimiter limiter, TimeSpan wait)
    {
        var (seconds, window) = (Seconds(wait), Seconds(limiter.Settings.Filling));
        return new(
            StatusCodes.Status429TooManyRequests, "http_request_denied", "too many requests; try again later", seconds,
            Fields: string.Create(
                CultureInfo.InvariantCulture,
                $"RateLimit-Policy: \"{limiter.Name}\";q={limiter.Settings.Burst};w={window}\r\nRateLimit: \"{limiter.Name}\";r=0;t={seconds}\r\n"),
            Reason: "rate-limited");
    }

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));
}
