using System.Text.Json.Nodes;
using Gateway.Tests.Deploy;

namespace Gateway.Tests.Observability;

/// <summary>The dashboard of deploy/grafana.</summary>
internal static class Dashboard
{
    /// <summary>Every query by its panel's title, as sent to Prometheus with everything selected.</summary>
    public static IReadOnlyList<(string Panel, string Query)> Queries { get; } =
    [
        .. JsonNode.Parse(Deployment.Read("deploy/grafana/dashboards/gateway.json"))!["panels"]!.AsArray()
            .SelectMany(panel => (panel!["targets"]?.AsArray() ?? []).Select(target => ((string)panel["title"]!, Chosen((string)target!["expr"]!)))),
    ];

    private static string Chosen(string query) => query
        .Replace("$__rate_interval", "1m", StringComparison.Ordinal)
        .Replace("$pool", ".*", StringComparison.Ordinal)
        .Replace("$instance", ".*", StringComparison.Ordinal);
}
