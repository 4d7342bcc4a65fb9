using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Serialization;

namespace Gateway.Tests.Deploy;

/// <summary>
/// The Helm chart, rendered without Helm: its templates use only values, the release's name, and the functions toJson and quote, which this implements.
/// .ci/helm renders it with Helm if available.
/// </summary>
internal static partial class HelmChart
{
    public const string Folder = "deploy/helm/gateway/";

    /// <summary>The templates with the chart's values; throws at anything unknown in a template.</summary>
    public static IReadOnlyList<string> Render(string release, Action<JsonObject>? change = null)
    {
        var values = Values();
        change?.Invoke(values);
        return
        [
            .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, Folder, "templates"), "*.yaml").Order(StringComparer.Ordinal)
                .Select(file => Action().Replace(File.ReadAllText(file), action => Evaluate(action.Groups[1].Value, release, values))),
        ];
    }

    private static JsonObject Values()
    {
        var yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object>(Deployment.Read(Folder + "values.yaml"));
        return JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(yaml))!.AsObject();
    }

    private static string Evaluate(string action, string release, JsonObject values)
    {
        var steps = action.Split('|', StringSplitOptions.TrimEntries);
        JsonNode? result = steps[0] == ".Release.Name" ? release
            : steps[0].StartsWith(".Values.", StringComparison.Ordinal) ? steps[0].Split('.')[2..].Aggregate((JsonNode)values, (node, key) => node[key] ?? throw new KeyNotFoundException($"no value {steps[0]}"))
            : throw new NotSupportedException(action);
        foreach (var function in steps[1..])
        {
            result = function switch
            {
                "toJson" => JsonValue.Create(result!.ToJsonString()),
                "quote" => JsonValue.Create(JsonSerializer.Serialize((string)result!)),
                _ => throw new NotSupportedException(action),
            };
        }

        return result!.ToString();
    }

    [GeneratedRegex(@"\{\{ ([^{}]+) \}\}")]
    private static partial Regex Action();
}
