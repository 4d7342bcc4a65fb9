using Gateway.Core.Outcomes;
using Gateway.Core.Pools;
using Gateway.Core.Retrying;
using Gateway.Node.Hosting;
using Gateway.Node.Metrics;
using Gateway.Node.Routing;
using Gateway.Node.Settings;
using Gateway.Node.WebSockets;
using Gateway.Upstream;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Gateway.Node.Proxying;

/// <summary>
/// The gateway's answer to every request: screen, then its own health, or limits, route, attempts. The order matters: a request that can
/// be understood in two ways is answered by nobody, and one that is not admitted costs no backend anything.
/// </summary>
internal sealed partial class ProxyHandler(
    GatewayState state, ITransport transport, GatewayMetrics metrics, Tunnels tunnels, TimeProvider clock, ILogger<ProxyHandler> log)
{
    /// <summary>What stands in metrics for a client that left before its answer.</summary>
    private const int ClientClosedRequest = 499;

    public Task HandleAsync(RequestSlot slot)
    {
        var context = slot.Context;
        if (state.Draining)
        {
            context.Response.OnStarting(static response => CloseConnection((HttpResponse)response), context.Response);
        }

        if (RequestScreen.Check(context.Request) is { } refusal)
        {
            context.Response.Headers.Connection = "close";
            var problem = new Problem(refusal.Status, "http_request_error", refusal.Detail);
            return RefuseAsync(context, problem, state.Current.Settings, clock.GetTimestamp());
        }

        return context.Request.Path.Value switch
        {
            "/health" => ReplicaChecks.HealthAsync(context),
            "/ready" => ReplicaChecks.ReadyAsync(context, state),
            _ => AdmitAsync(slot),
        };
    }

    private Task AdmitAsync(RequestSlot slot)
    {
        var begun = clock.GetTimestamp();
        var routing = state.Current;
        if (metrics.RequestBegun() > routing.Settings.Limits.MaxConnections)
        {
            metrics.RequestEnded();
            metrics.RequestShed();
            return RefuseAsync(slot.Context, Problem.TooManyRequests, routing.Settings, begun);
        }

        return ServeAsync(slot, routing, begun);
    }

    /// <remarks>From here to the transport it is one state machine: each further one costs a request as much as parsing its head.</remarks>
    private async Task ServeAsync(RequestSlot slot, GatewayState.Routing routing, long begun)
    {
        var context = slot.Context;
        AttemptLoop? attempts = null;
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            if (RouteAsync(slot, routing, begun, out var pool, out var target, out var largestBody) is { } refused)
            {
                await refused;
                return;
            }

            attempts = new AttemptLoop(pool, slot.Identity.KeyOf(context, routing.Settings.TrustedProxies), transport, metrics, clock);
            if (attempts.Begin(ExchangeOf(slot, target, largestBody, routing.Settings, attempts, begun)))
            {
                do
                {
                    attempts.Conclude(await attempts.SendAsync());
                }
                while (attempts.HasNext && await attempts.NextAsync());
            }

            status = StatusOf(context, attempts.Ended) is var got and > 0 ? got : await AnswerAsync(context, attempts.Ended, routing.Settings);
        }
        catch (Exception error) when (error is not OperationCanceledException || !context.RequestAborted.IsCancellationRequested)
        {
            Log.Unexpected(log, error, context.Request.Method, attempts?.Pool ?? EndpointMetrics.None);
            context.Abort();
        }
        catch (OperationCanceledException)
        {
            status = ClientClosedRequest; // The client left while its problem document was written.
        }
        finally
        {
            if (attempts is not null)
            {
                attempts.End();
                Count(context, attempts, status, begun);
            }

            metrics.RequestEnded();
        }
    }

    private void Count(HttpContext context, AttemptLoop attempts, int status, long begun)
    {
        var backend = attempts.Ended.Endpoint is null ? metrics.OfNone(attempts.Pool) : attempts.Backend!;
        backend.Of(context.Request.Method).Ended(
            status, clock.GetElapsedTime(begun), attempts.BodyBytes, attempts.Ended.Report.AnswerBytes ?? LengthOf(context));
    }

    /// <summary>Finds the pool that the request goes to; or answers it.</summary>
    private Task? RouteAsync(
        RequestSlot slot, GatewayState.Routing routing, long begun, out Pool pool, out string target, out long largestBody)
    {
        (pool, target, largestBody) = (null!, "", 0);
        var context = slot.Context;
        var request = context.Request;
        var settings = routing.Settings;
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!RequestTarget.TryParse(request.Method, raw, out var parsed, out _))
        {
            return RefuseAsync(context, Problem.BadTarget, settings, begun);
        }

        if (parsed.Authority is { } authority)
        {
            request.Host = new HostString(authority); // RFC 9112 3.2.2: an absolute-form target wins over Host.
        }

        if (RequestScreen.IsLastStop(request) || parsed.Path is "*")
        {
            return AnswerLastStopAsync(context, settings, begun);
        }

        if (routing.Table.Match(request.Host.Value ?? "", parsed.Path, request.Method, request.Headers) is not { } route)
        {
            return RefuseAsync(context, Problem.NoRoute, settings, begun);
        }

        largestBody = route.Settings.MaxRequestBodySize ?? settings.Limits.MaxRequestBodySize ?? long.MaxValue;
        if (request.ContentLength > largestBody)
        {
            context.Response.Headers.Connection = "close"; // Rather than read the body only to find the next request behind it.
            return RefuseAsync(context, Problem.BodyTooLarge, settings, begun, route.Target.Name);
        }

        (pool, target) = (route.Target, parsed.PathAndQuery);
        return null;
    }

    private Exchange ExchangeOf(RequestSlot slot, string target, long largestBody, GatewaySettings settings, AttemptLoop attempts, long begun)
    {
        var context = slot.Context;
        var request = context.Request;
        var policies = attempts.Settings;
        if (request.Headers.Upgrade.Count > 0)
        {
            PrepareUpgrade(context, policies);
        }

        var now = clock.GetElapsedTime(0, begun);
        return new Exchange
        {
            Context = context,
            Target = target,
            Pool = policies,
            Edition = attempts.Edition,
            Fields = slot.Identity.FieldsOf(context, settings.GatewayId, settings.TrustedProxies),
            Gate = attempts,
            ClientGone = slot.ClientGone,
            Begun = now,
            Deadline = now + policies.Timeouts.Request,
            Body = BodyOf(context, policies, largestBody),
        };
    }

    /// <summary>A websocket, from a client that can switch (not one that sends a body), to backends that speak HTTP/1.1.</summary>
    private static bool MayUpgrade(HttpContext context, PoolSettings pool) =>
        HopByHop.IsWebSocket(context.Request) && pool.Connections.Protocol == BackendProtocol.Http1 &&
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true };

    private void PrepareUpgrade(HttpContext context, PoolSettings pool)
    {
        if (!MayUpgrade(context, pool))
        {
            context.Request.Headers.Remove(HeaderNames.Upgrade); // An upgrade that is not served is not asked for (RFC 9110 7.8).
            return;
        }

        context.Features.Get<HalfClose>()?.Forbid();
        context.Features.Set<IHttpUpgradeFeature>(new TunnelUpgrade(context.Features.GetRequiredFeature<IHttpUpgradeFeature>(), tunnels));
    }

    /// <summary>The status that the client has got from a backend, or would have if it were still there; 0: it has to be told something.</summary>
    private static int StatusOf(HttpContext context, in RequestEnding ending)
    {
        if (ending.Endpoint is not null)
        {
            switch (ending.Report.End)
            {
                case AttemptEnd.Answered or AttemptEnd.BodyAbandoned:
                    return context.Response.StatusCode;
                case AttemptEnd.ClientGone:
                    context.Abort();
                    return ClientClosedRequest;
                default:
                    break;
            }
        }

        // Where an answer has begun, the transport has broken it off, so that the client sees that it is incomplete.
        return context.Response.HasStarted ? context.Response.StatusCode : 0;
    }

    /// <summary>Gives the client its answer where no backend did; answers the status for the metrics.</summary>
    private static async Task<int> AnswerAsync(HttpContext context, RequestEnding ending, GatewaySettings settings)
    {
        var problem = ending.Endpoint is null ? Problem.Of(ending.Pick) : Problem.Of(ending.Report);
        if (ending.Report.End == AttemptEnd.BadRequestBody)
        {
            context.Response.Headers.Connection = "close"; // What is left of the body cannot be told from the next request.
        }

        await problem.WriteAsync(context, settings.GatewayId);
        return problem.Status;
    }

    /// <summary>What is kept of a body: what idempotent requests may need again, and over HTTP/2 any, where the backend may refuse it unprocessed.</summary>
    private static RequestBody? BodyOf(HttpContext context, PoolSettings pool, long largest)
    {
        var request = context.Request;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return null;
        }

        var most = pool.Retry.MaxKeptBody;
        var keep = (RetryRules.IsIdempotent(request.Method) || pool.Connections.Protocol == BackendProtocol.Http2) && (request.ContentLength ?? 0) <= most;
        var body = new RequestBody(request.BodyReader, keep ? most : 0, largest, HttpProtocol.IsHttp2(request.Protocol));
        request.Body = body;
        return body;
    }

    private async Task RefuseAsync(HttpContext context, Problem problem, GatewaySettings settings, long begun, string? pool = null)
    {
        await problem.WriteAsync(context, settings.GatewayId);
        metrics.OfNone(pool).Of(context.Request.Method).Ended(problem.Status, clock.GetElapsedTime(begun), 0, LengthOf(context));
    }

    /// <summary>
    /// For requests that end here: those whose hops are used up, and OPTIONS for the server as a whole, which to its clients is this one
    /// (the HTTP client beneath could not ask a backend for <c>*</c> either).
    /// </summary>
    private async Task AnswerLastStopAsync(HttpContext context, GatewaySettings settings, long begun)
    {
        context.Response.Headers.Allow = "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS";
        if (HttpMethods.IsTrace(context.Request.Method))
        {
            await RefuseAsync(context, new Problem(StatusCodes.Status405MethodNotAllowed, null, "TRACE is not answered here"), settings, begun);
            return;
        }

        context.Response.ContentLength = 0;
        metrics.OfNone(null).Of(context.Request.Method).Ended(StatusCodes.Status200OK, clock.GetElapsedTime(begun), 0, 0);
    }

    /// <summary>Bytes of the body that was announced; where there is none, what is announced is another answer's.</summary>
    private static long LengthOf(HttpContext context) =>
        HttpMethods.IsHead(context.Request.Method) || context.Response.StatusCode == StatusCodes.Status304NotModified
            ? 0
            : context.Response.ContentLength ?? 0;

    private static Task CloseConnection(HttpResponse response)
    {
        response.Headers.Connection = "close";
        return Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(40, LogLevel.Error, "a {Method} request to pool {Pool} failed in a way that it should not")]
        public static partial void Unexpected(ILogger logger, Exception error, string method, string pool);
    }
}
