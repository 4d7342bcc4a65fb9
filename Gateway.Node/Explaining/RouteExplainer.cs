using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Security.Authentication;
using System.Text;
using Gateway.Actors.Inspection;
using Gateway.Core.Overload;
using Gateway.Core.Pools;
using Gateway.Http;
using Gateway.Node.Engine;
using Gateway.Node.Limiting;
using Gateway.Node.Routing;
using Gateway.Node.State;

namespace Gateway.Node.Explaining;

/// <summary>
/// Explains how a request would be handled. Uses the same parser, router and writer as real requests, with a request that was never sent. Off the request path,
/// and not cheap.
/// </summary>
internal static class RouteExplainer
{
    public static RouteExplanation Explain(GatewayState.Routing routing, string method, string url, ImmutableArray<string> fields, string client)
    {
        if (!IPAddress.TryParse(client, out var address))
        {
            return new RouteExplanation.NoRequest($"'{client}' is not an address; allowed: the IP address of a client");
        }

        if (RequestWords.HeadOf(method, url, fields, out var fault) is not { } head)
        {
            return new RouteExplanation.NoRequest(fault);
        }

        var limits = routing.Settings.Limits;
        var request = new RequestHead(HttpLimits.Default with
        {
            MaxFields = limits.MaxRequestFields,
            MaxHead = limits.MaxRequestHeadSize,
            MaxRequestLine = Math.Min(limits.MaxRequestHeadSize, HttpLimits.Default.MaxRequestLine),
        });
        if (request.Parse(head) != HeadState.Complete)
        {
            return new RouteExplanation.Explained([], [Refusal(new(HttpFaults.StatusOf(request.Fault), "http_request_error", HttpFaults.TextOf(request.Fault)))]);
        }

        if (OwnAnswers.IsCheck(request, head))
        {
            return new RouteExplanation.Explained([], [new("answer", "the replica answers by itself, before matching routes")]);
        }

        if (request.Method == "CONNECT")
        {
            return new RouteExplanation.Explained([], [Refusal(Problem.NoConnect)]);
        }

        var isHttpcg = RequestWords.IsHttpcg(url);
        if (isHttpcg && !routing.AcceptsHttpcg)
        {
            return new RouteExplanation.Explained([], [new("answer", "400: httpcg URLs are not accepted: no route has planes, and --httpcg-addr is not set")]);
        }

        var router = new RequestRouter();
        var tried = new List<(RouteRule<Pool> Rule, RouteMismatch Mismatch)>();
        var hasOwnAddress = isHttpcg && routing.Settings.HttpcgAddress is not null;
        var isOverTls = hasOwnAddress ? routing.Settings.HttpcgTls
            : url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || ((isHttpcg || url.StartsWith('/')) && routing.Settings.Tls?.RedirectPort is not null);
        var from = new ClientAddress(address, isOverTls ? "https" : "http")
        {
            Tls = isOverTls ? ClientAddress.TlsNameOf(SslProtocols.Tls13) : null,
            AcceptsHttpcgTargets = isHttpcg,
        };
        var routed = router.Route(request, head, routing, from, tried);
        var refusal = !RequestGuard.ServesHost(router, routing, request, head) ? Problem.HostNotServed
            : !RequestGuard.ServesClient(routing, routed.Route, from.ClientOf(request, head, routing.Settings.TrustedProxies)) ? Problem.ClientDenied
            : null;
        routed = refusal is null ? routed : routed with { Kind = RoutingKind.Refused, Problem = refusal };
        var isRouted = routed.Route is not null || routed.Problem is { Status: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed };
        ImmutableArray<RouteFinding> findings = isRouted ? Findings(routing.Table, router.Seen(request, head, routing.Table), tried, routed.Route) : [];
        var steps = StepsOf(routing, router, request, head, routed, from);
        if (isHttpcg && !hasOwnAddress)
        {
            steps.Insert(0, new("httpcg", "only as the path or in X-Httpcg-Url; --httpcg-addr is not set"));
        }

        return new RouteExplanation.Explained(findings, [.. steps]);
    }

    private static ImmutableArray<RouteFinding> Findings(
        RouteTable<Pool> table, in RoutedRequest request, List<(RouteRule<Pool> Rule, RouteMismatch Mismatch)> tried, Route<Pool>? winner)
    {
        var findings = ImmutableArray.CreateBuilder<RouteFinding>();
        var isTaken = false;
        foreach (var (host, rule) in table.AllFor(request.Plane))
        {
            var mismatch = !rule.Planes.Has(request.Plane) ? new RouteMismatch(RouteMismatchKind.Plane)
                : !HostRules<Pool>.MatchesHost(host, request.Host) ? new RouteMismatch(RouteMismatchKind.Host)
                : tried.FindIndex(t => ReferenceEquals(t.Rule, rule)) is >= 0 and var i ? tried[i].Mismatch
                : rule.Judge(request);
            var takes = mismatch.Kind == RouteMismatchKind.None;
            var wins = takes && !isTaken && ReferenceEquals(rule.Route, winner);
            isTaken |= wins;
            findings.Add(new(
                rule.Route.Settings.Name, host.Length == 0 ? null : host, rule.Path.ToString(),
                wins ? "selected" : takes ? "matches, but is less specific" : Text(mismatch, rule.Route.Settings)));
        }

        return findings.ToImmutable();
    }

    private static string Text(RouteMismatch mismatch, RouteSettings route) => mismatch.Kind switch
    {
        RouteMismatchKind.Plane when route.Planes.IsEmpty => "the route has no planes, so httpcg URLs do not match",
        RouteMismatchKind.Plane => $"the plane is not {string.Join(" or ", route.Planes.Select(HttpcgPlanes.TextOf))}",
        RouteMismatchKind.Host => "the host differs",
        RouteMismatchKind.Path => "the path differs",
        RouteMismatchKind.Header => $"the field {route.Headers[mismatch.Index]} is missing",
        RouteMismatchKind.Query => $"the parameter {route.Query[mismatch.Index]} is missing",
        _ => $"the method is not {string.Join(" or ", route.Methods)}",
    };

    private static List<RouteStep> StepsOf(
        GatewayState.Routing routing, RequestRouter router, RequestHead request, byte[] head, RoutingResult routed, ClientAddress client)
    {
        var steps = new List<RouteStep>();
        var asked = Encoding.Latin1.GetString(head, request.TargetStart, request.TargetLength);
        var seen = Encoding.Latin1.GetString(router.Seen(request, head, routing.Table).Path);
        if (router.Plane != HttpcgPlane.None)
        {
            steps.Add(new("httpcg", $"plane {HttpcgPlanes.TextOf(router.Plane)}, authority {Encoding.Latin1.GetString(router.HostOf(request, head))}, path {seen}"));
        }
        else if (routed.Route is not null && asked.Split('?')[0] != seen)
        {
            steps.Add(new("path", $"compared as {seen}"));
        }

        if (routed.Route is { } route)
        {
            steps.Add(new("route", route.Settings.Name));
            if (route.Actions?.Limiter is { } limiter)
            {
                steps.Add(new("limit", TextOf(limiter.Settings)));
            }
        }

        switch (routed.Kind)
        {
            case RoutingKind.Answered when routed.Route!.Actions!.Redirect is { } redirect:
                steps.Add(new("answer", string.Create(CultureInfo.InvariantCulture, $"{redirect.Status} to {router.LocationOf(redirect, request, head)}")));
                break;
            case RoutingKind.Answered:
                var answer = routed.Route!.Actions!.Answer!;
                steps.Add(new("answer", string.Create(CultureInfo.InvariantCulture, $"{answer.Status} with {answer.Body.Length} bytes of {answer.ContentType}")));
                break;
            case RoutingKind.ToTls:
                steps.Add(new("answer", $"308 to {router.LocationOverTls(request, head, routing.Settings)}"));
                break;
            case RoutingKind.LastStop:
                steps.Add(new("answer", "answered by the replica: Max-Forwards is used up, or the request is about the server as a whole"));
                break;
            case RoutingKind.Refused:
                steps.Add(Refusal(routed.Problem!));
                break;
            default:
                AddProxying(steps, routing, router, request, head, routed, client);
                break;
        }

        if (routed.Kind is RoutingKind.Pool or RoutingKind.Answered)
        {
            AddAnswerFields(steps, routed.Route!.Settings.ResponseFields);
        }

        return steps;
    }

    private static string TextOf(SplitSettings split) => split.By == SplitKey.Client ? "the client address" : $"the {split.By.ToString().ToLowerInvariant()} {split.Name}";

    private static string NoKeyText(AffinitySettings affinity) => affinity.By switch
    {
        AffinityKind.Header => $"no field {affinity.Name}, or no endpoint available",
        AffinityKind.Query => $"no parameter {affinity.Name}, or no endpoint available",
        AffinityKind.Client => "no endpoint available",
        _ => "no cookie for an endpoint of the pool",
    };

    private static string TextOf(RouteMirror<Pool> mirror, PoolSnapshot target) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(mirror.Settings.Percent >= 100 ? "a copy" : $"a copy of {mirror.Settings.Percent} % of requests")} to {mirror.Target.Name}: {target.Available} of {target.Members.Length} endpoints available; bodies up to {mirror.Settings.MaxBody} bytes, up to {mirror.Settings.MaxConcurrent} copies at once");

    private static string TextOf(RateLimitSettings limit) => string.Create(
        CultureInfo.InvariantCulture,
        $"{limit.Requests} requests in {limit.Per.TotalSeconds} s, {limit.Burst} at once, {(limit.By == RateLimitKey.Route ? "for all clients together" : limit.Field is { } field ? $"by {field}, or by client without it" : limit.By == RateLimitKey.Certificate ? "by certificate, or by client without one" : "by client")}; 429 beyond");

    private static void AddAnswerFields(List<RouteStep> steps, FieldChanges changes)
    {
        steps.AddRange(changes.Remove.Select(name => new RouteStep("answer", $"without {name}")));
        steps.AddRange(changes.Set.Select(line => new RouteStep("answer", $"with {line.Name}: {line.Value}, replacing any other {line.Name}")));
        steps.AddRange(changes.Add.Select(line => new RouteStep("answer", $"with {line.Name}: {line.Value}")));
    }

    private static void AddProxying(
        List<RouteStep> steps, GatewayState.Routing routing, RequestRouter router, RequestHead request, byte[] head, RoutingResult routed, ClientAddress client)
    {
        var pool = routed.Pool!.Snapshot;
        if (routed.Route!.Split is { } split)
        {
            split.Choose(request.Fields, head, client.KeyOf(request, head, routing.Settings.TrustedProxies), 0, out var isKept);
            var shares = string.Join(", ", routed.Route.Settings.Split!.Pools.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Pool} {s.Weight}")));
            steps.Add(new("split", $"{(isKept ? $"by {TextOf(routed.Route.Settings.Split)}, each time alike" : "by chance, this time so")}: {shares}"));
        }

        var actions = routed.Route!.Actions;
        var settings = actions?.Policies?.Over(pool.Settings) ?? pool.Settings;
        if (routed.LargestBody < long.MaxValue)
        {
            steps.Add(new("body", string.Create(CultureInfo.InvariantCulture, $"up to {routed.LargestBody} bytes, 413 beyond")));
        }

        steps.Add(new("pool", string.Create(
            CultureInfo.InvariantCulture, $"{pool.Pool.Name}: {pool.Available} of {pool.Members.Length} endpoints available")));
        if (routed.Route.Settings.Priority != RequestPriority.Default)
        {
            steps.Add(new("priority", routed.Route.Settings.Priority.Name()));
        }

        steps.Add(new("timeouts", string.Create(
            CultureInfo.InvariantCulture,
            $"request {settings.Timeouts.Request.TotalSeconds} s, try {settings.Timeouts.EffectiveTry.TotalSeconds} s, idle {settings.Timeouts.Idle.TotalSeconds} s")));
        steps.Add(new("retries", string.Create(CultureInfo.InvariantCulture, $"at most {settings.Retry.Attempts}")));
        if (actions?.Affinity is { } affinity)
        {
            var kept = affinity.Find(pool, request.Fields, head, router.Query, client.KeyOf(request, head, routing.Settings.TrustedProxies));
            steps.Add(new("affinity", kept is null ? $"{NoKeyText(affinity.Settings)}: any endpoint" : kept.TakesAffinity ? $"stays at {kept.Id.Address}" : $"prefers {kept.Id.Address}, which is not available: any endpoint"));
        }

        if (BackendGreeting.Of(settings.Connections, client, request, head, routing.Settings) is not null)
        {
            steps.Add(new("connects", $"a new connection, with a PROXY protocol header {settings.Connections.ProxyProtocol.ToString().ToLowerInvariant()} for {client.ClientOf(request, head, routing.Settings.TrustedProxies)}"));
        }

        if (routed.Route.Mirror is { } mirror)
        {
            steps.Add(new("mirror", TextOf(mirror, mirror.Target.Snapshot)));
        }

        var endpoint = pool.Members.FirstOrDefault()?.Id.Address.Label ?? "endpoint";
        var traits = RequestShape.TraitsOf(request.ExpectsContinue(head), request.IsWebSocket(head), hasDeadline: false);
        var shape = new RequestShape(routing.Settings, settings, endpoint, traits) { Fields = routed.Route?.Actions?.RequestFields };
        var room = new byte[RequestWriter.RoomFor(router, request, head, client, shape)];
        var length = RequestWriter.Write(room, router, request, head, client, shape, out _);
        foreach (var line in Encoding.Latin1.GetString(room, 0, length).Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            steps.Add(new("sends", line));
        }
    }

    private static RouteStep Refusal(Problem problem) => new(
        "answer", string.Create(CultureInfo.InvariantCulture, $"{problem.Status}: {problem.Detail}{(problem.Allow is { } methods ? $"; Allow: {methods}" : "")}"));
}
