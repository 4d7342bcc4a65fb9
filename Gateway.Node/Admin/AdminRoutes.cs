using System.Text.Json.Serialization.Metadata;
using Gateway.Actors.Inspection;

namespace Gateway.Node.Admin;

/// <summary>What the admin API answers, and by what.</summary>
internal sealed class AdminRoutes(ReplicaInspector inspector, IReplica replica, EventStream events, TimeProvider clock)
{
    public void Map(WebApplication server)
    {
        var stopping = server.Lifetime.ApplicationStopping;
        server.MapGet("/status", context => WriteAsync(context, inspector.Status(), AdminJson.Default.StatusReport));
        server.MapGet("/pools", context => WriteAsync(
            context, new PoolListing(replica.GatewayId, clock.GetUtcNow(), inspector.Pools()), AdminJson.Default.PoolListing));
        server.MapGet("/endpoints", context => WriteAsync(
            context, new EndpointListing(replica.GatewayId, clock.GetUtcNow(), inspector.Endpoints(context.Request.Query["pool"])), AdminJson.Default.EndpointListing));
        server.MapGet("/endpoints/{**id}", WriteEndpointAsync);
        server.MapGet("/events", context => events.WriteAsync(context, stopping));
    }

    /// <summary>Answers that a request is not carried out.</summary>
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

    private Task WriteEndpointAsync(HttpContext context)
    {
        // Kestrel leaves %2F alone, so an id may come with its slashes as they are or escaped.
        var id = Uri.UnescapeDataString((string?)context.Request.RouteValues["id"] ?? "");
        return inspector.Find(id) switch
        {
            EndpointLookup.Found(_, var report) => WriteAsync(context, report, AdminJson.Default.EndpointReport),
            EndpointLookup.Missing(var why) => RefuseAsync(context, StatusCodes.Status404NotFound, why),
            _ => throw new InvalidOperationException("no such result"),
        };
    }

    private static Task WriteAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(body, type, cancellationToken: context.RequestAborted);
    }

    private static string TitleOf(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}
