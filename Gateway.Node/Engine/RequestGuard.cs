using System.Globalization;
using System.Net;
using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Limiting;
using Gateway.Node.Routing;
using Gateway.Node.State;

namespace Gateway.Node.Engine;

/// <summary>Checks every request: served hosts, allowed clients, and the route's rate limit.</summary>
internal static class RequestGuard
{
    /// <summary>Why a request is refused; null: it is not. Counts it either way.</summary>
    /// <param name="route">The matching route; null: none.</param>
    public static Problem? Judge(ProxyLoop loop, GatewayState.Routing routing, Route<Pool>? route, RequestHead request, ReadOnlySpan<byte> head, ClientAddress address)
    {
        if (!ServesHost(loop.Router, routing, request, head))
        {
            loop.Context.Metrics.Limits.RequestDenied("host");
            return Problem.HostNotServed;
        }

        if (routing.Served?.Clients is null && route?.Actions is not { IsGuarded: true })
        {
            return null;
        }

        var client = address.ClientOf(request, head, routing.Settings.TrustedProxies);
        if (!ServesClient(routing, route, client))
        {
            loop.Context.Metrics.Limits.RequestDenied("client");
            return Problem.ClientDenied;
        }

        if (route?.Actions?.Limiter is not { } limiter || limiter.TryTake(request.Fields, head, client, loop.Now, out var wait, FingerprintOf(address, routing)))
        {
            return null;
        }

        loop.Context.Metrics.Limits.RateLimited(route.Settings.Name);
        return Limited(limiter, wait);
    }

    /// <summary>The fingerprint of the client's certificate. A trusted proxy's certificate is not its client's.</summary>
    private static string? FingerprintOf(ClientAddress address, GatewayState.Routing routing) =>
        address.Certificate is { } certificate && !address.IsTrusted(routing.Settings.TrustedProxies) ? certificate.Fingerprint : null;

    /// <summary>Whether the requested host is served.</summary>
    public static bool ServesHost(RequestRouter router, GatewayState.Routing routing, RequestHead request, ReadOnlySpan<byte> head) =>
        routing.Served?.Hosts is not { } hosts || hosts.Has(router.HostNameOf(request, head));

    /// <summary>Whether a client is allowed, in general and by this route.</summary>
    public static bool ServesClient(GatewayState.Routing routing, Route<Pool>? route, IPAddress client) =>
        routing.Served?.Clients?.Admits(client) != false && route?.Actions?.Clients?.Admits(client) != false;

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
