using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using Gateway.Actors.Inspection;
using Gateway.Actors.Surroundings;
using Gateway.Core.Analytics;
using Gateway.Core.Commands;

namespace Gateway.Node.Admin;

/// <summary>The routes of the admin API, with their handlers.</summary>
internal sealed class AdminRoutes(
    ReplicaInspector inspector, AnalyticsInspector analytics, IReplica replica, ClusterViews views, EventStream events, CommandEndpoint commands, TimeProvider clock)
{
    /// <param name="stopping">Ends the streams.</param>
    public ImmutableArray<AdminRoute> All(CancellationToken stopping) =>
    [
        Get("/status", "Summary of this replica.", () => AdminJson.Default.StatusReport, _ => inspector.Status()),
        Get("/pools", "The pools.", () => AdminJson.Default.PoolListing, _ => new PoolListing(replica.GatewayId, clock.GetUtcNow(), inspector.Pools())),
        Get(
            "/endpoints", "The endpoints as this replica sees them, with each replica's report.", () => AdminJson.Default.EndpointListing,
            query => new EndpointListing(replica.GatewayId, clock.GetUtcNow(), inspector.Endpoints(query["pool"])))
            with { Query = [("pool", "string", "Only this pool.")] },
        new("GET", "/endpoints/{id}", "One endpoint.", AdminRoute.Json, () => AdminJson.Default.EndpointReport, WriteEndpointAsync) { IsCatchAll = true },
        Get(
            "/cluster", "The cluster as this replica sees it.", () => AdminJson.Default.MembershipReport,
            _ => MembershipReport.Of(views.Current, replica.GatewayId, clock.GetUtcNow())),
        new("GET", "/analytics", "Traffic of the last minutes by route, pool and endpoint.", AdminRoute.Json, () => AdminJson.Default.AnalyticsListing, WriteAnalyticsAsync)
        {
            Query =
            [
                ("scope", "string", "replica: counts of this replica (the default); cluster: counts of all replicas together."),
                ("by", "string", "Only route, pool or endpoint; default: all three."),
                ("window", "string", "Only 1m, 5m or 15m; default: all three."),
            ],
        },
        Get(
            "/certificates", "The certificates served to clients over TLS.", () => AdminJson.Default.CertificateListing,
            _ => new CertificateListing(replica.GatewayId, clock.GetUtcNow(), replica.Certificates)),
        new("GET", "/events", "Events as they happen.", EventStream.ContentType, () => AdminJson.Default.EventReport, context => events.WriteAsync(context, stopping))
        {
            Query =
            [
                ("last", "integer", "Begin with this many past events."),
                (EventStream.Endpoints, "boolean", "Also send changed endpoints, as events endpoints-changed with the data of GET /endpoints."),
            ],
        },
        new("GET", "/commands", "The commands that the replica offers.", AdminRoute.Json, () => CommandJson.Default.ImmutableArrayCommandPalette, commands.ListAsync),
        new(
            "POST", "/commands", "Runs a command and streams its output, one JSON object per line.", CommandEndpoint.ContentType,
            () => CommandJson.Default.CommandOutput, context => commands.RunAsync(context, stopping)) { Request = () => CommandJson.Default.CommandCall },
    ];

    public void Map(WebApplication server)
    {
        var routes = All(server.Lifetime.ApplicationStopping);
        foreach (var route in routes)
        {
            server.MapMethods(route.Pattern, [route.Method], route.Handler);
        }

        // Created on request: otherwise it would be a third of what the runtime compiles during startup.
        var document = new Lazy<string>(() => OpenApiDocument.Of(routes, replica.Version).ToJsonString());
        server.MapGet("/openapi.json", context =>
        {
            context.Response.ContentType = AdminRoute.Json;
            return context.Response.WriteAsync(document.Value, context.RequestAborted);
        });
    }

    /// <summary>Answers with a refusal.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string detail)
    {
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"gateway\"";
        }

        return context.Response.WriteAsJsonAsync(
            new(status, TitleOf(status), detail), AdminJson.Default.ProblemReport, ProblemReport.ContentType, context.RequestAborted);
    }

    private static AdminRoute Get<T>(string path, string summary, Func<JsonTypeInfo<T>> type, Func<IQueryCollection, T> read) =>
        new("GET", path, summary, AdminRoute.Json, type, context => WriteAsync(context, read(context.Request.Query), type()));

    private Task WriteEndpointAsync(HttpContext context)
    {
        // Kestrel does not decode %2F, so an id may come with its slashes escaped or not.
        var id = Uri.UnescapeDataString((string?)context.Request.RouteValues["id"] ?? "");
        return inspector.Find(id) switch
        {
            EndpointLookup.Found(_, var report) => WriteAsync(context, report, AdminJson.Default.EndpointReport),
            EndpointLookup.Missing(var why) => RefuseAsync(context, StatusCodes.Status404NotFound, why),
            _ => throw new InvalidOperationException("unexpected result"),
        };
    }

    private async Task WriteAnalyticsAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var (kind, window, scope) = (Choice("by", SeriesKinds.All, SeriesKinds.Name), Choice("window", AnalyticsWindows.All, AnalyticsWindows.Name), (string?)query["scope"]);
        var fault = kind.Fault ?? window.Fault ?? (scope is null or AnalyticsListing.ReplicaScope or AnalyticsListing.ClusterScope ? null : $"scope '{scope}' is not valid; allowed: replica, cluster");
        if (fault is not null)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, fault);
            return;
        }

        var listing = await analytics.ReadAsync(new(kind.Value, window.Value), scope == AnalyticsListing.ClusterScope, context.RequestAborted);
        await WriteAsync(context, listing, AdminJson.Default.AnalyticsListing);

        (T? Value, string? Fault) Choice<T>(string name, ImmutableArray<T> all, Func<T, string> nameOf)
            where T : struct => (string?)query[name] switch
            {
                null => (null, null),
                var text when all.Any(each => nameOf(each) == text) => (all.First(each => nameOf(each) == text), null),
                var text => (null, $"{name} '{text}' is not valid; allowed: {string.Join(", ", all.Select(nameOf))}"),
            };
    }

    private static Task WriteAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(body, type, cancellationToken: context.RequestAborted);
    }

    private static string TitleOf(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}
