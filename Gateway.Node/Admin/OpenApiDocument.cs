using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Gateway.Node.Admin;

/// <summary>Describes the admin API (OpenAPI 3.1). Generated from the routes and the types of their answers, so it cannot differ from them.</summary>
internal static class OpenApiDocument
{
    public static JsonObject Of(IEnumerable<AdminRoute> routes, string version)
    {
        var paths = new JsonObject();
        foreach (var path in routes.GroupBy(r => r.Path))
        {
            paths[path.Key] = new JsonObject(path.Select(r => KeyValuePair.Create(r.Method.ToLowerInvariant(), (JsonNode?)OperationOf(r))));
        }

        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Admin API of a gateway replica", ["version"] = version },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
            },
            ["security"] = new JsonArray(new JsonObject(), new JsonObject { ["token"] = new JsonArray() }),
        };
    }

    private static JsonObject OperationOf(AdminRoute route)
    {
        var operation = new JsonObject { ["summary"] = route.Summary };
        if (ParametersOf(route) is { Count: > 0 } parameters)
        {
            operation["parameters"] = parameters;
        }

        if (route.Request is { } request)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = ContentOf(AdminRoute.Json, request()) };
        }

        operation["responses"] = new JsonObject
        {
            ["200"] = new JsonObject { ["description"] = route.Summary, ["content"] = ContentOf(route.ContentType, route.Body()) },
            ["default"] = new JsonObject
            {
                ["description"] = "The request was refused or failed; the detail gives the reason.",
                ["content"] = ContentOf(ProblemReport.ContentType, AdminJson.Default.ProblemReport),
            },
        };
        return operation;
    }

    private static JsonArray ParametersOf(AdminRoute route)
    {
        var parameters = new JsonArray();
        if (route.Path.IndexOf('{', StringComparison.Ordinal) is >= 0 and var open)
        {
            parameters.Add((JsonNode)Parameter(route.Path[(open + 1)..route.Path.IndexOf('}', StringComparison.Ordinal)], "path", "string", null));
        }

        foreach (var (name, type, summary) in route.Query)
        {
            parameters.Add((JsonNode)Parameter(name, "query", type, summary));
        }

        return parameters;
    }

    private static JsonObject Parameter(string name, string place, string type, string? summary)
    {
        var parameter = new JsonObject
        {
            ["name"] = name,
            ["in"] = place,
            ["required"] = place == "path",
            ["schema"] = new JsonObject { ["type"] = type },
        };
        if (summary is not null)
        {
            parameter["description"] = summary;
        }

        return parameter;
    }

    private static JsonObject ContentOf(string type, JsonTypeInfo body) => new()
    {
        [type] = new JsonObject { ["schema"] = body.GetJsonSchemaAsNode(new() { TreatNullObliviousAsNonNullable = true }) },
    };
}
