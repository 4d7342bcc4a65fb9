using System.Text.Json.Nodes;
using Gateway.Node.Settings;

namespace Gateway.Tests.Docs;

/// <summary>Compares docs/configuration.md with the schema that it is generated from.</summary>
public sealed class ConfigurationReferenceTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(
        new StreamReader(typeof(GatewaySettings).Assembly.GetManifestResourceStream("gateway.schema.json")!).ReadToEnd())!.AsObject();

    [Fact]
    public void The_configuration_reference_is_what_the_schema_says() =>
        Repository.Holds("docs/configuration.md", new ConfigurationReference(Schema).Text());

    [Fact]
    public void Every_object_of_the_schema_has_a_description() => Assert.All(
        Objects(Schema, "").Where(found => found.Object["properties"] is JsonObject && !found.Path.Contains("/oneOf/", StringComparison.Ordinal)),
        found => Assert.True((string?)found.Object["description"] is { Length: > 0 }, found.Path));

    private static IEnumerable<(string Path, JsonObject Object)> Objects(JsonNode? node, string path) => node switch
    {
        JsonObject map => map.SelectMany(pair => Objects(pair.Value, $"{path}/{pair.Key}")).Prepend((path, map)),
        JsonArray list => list.SelectMany((item, i) => Objects(item, $"{path}/{i}")),
        _ => [],
    };
}
