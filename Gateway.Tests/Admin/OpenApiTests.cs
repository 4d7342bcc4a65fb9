using System.Text.Json.Nodes;
using Gateway.Tests.EndToEnd;
using Gateway.Tests.EndToEnd.Backends;
using NJsonSchema;

namespace Gateway.Tests.Admin;

/// <summary>The document of the admin API, compared with its answers.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task Answers_match_the_document()
    {
        await using var backend = RawBackend.Start(RawScripts.Answer());
        await using var gateway = await TestGateway.StartAsync([backend.Address], settings: s => s with { Zone = "a" });
        await gateway.AskAsync();
        var document = JsonNode.Parse(await gateway.Admin.GetStringAsync(new Uri("/openapi.json", UriKind.Relative)))!;
        var json = document["paths"]!.AsObject()
            .Select(path => (Path: path.Key, Schema: path.Value!["get"]?["responses"]!["200"]!["content"]!["application/json"]?["schema"]))
            .Where(path => path.Schema is not null)
            .ToList();
        Assert.Contains("/endpoints/{id}", json.Select(path => path.Path));
        foreach (var (path, schema) in json)
        {
            var body = await gateway.Admin.GetStringAsync(new Uri(path.Replace("{id}", backend.EndPoint.ToString(), StringComparison.Ordinal), UriKind.Relative));
            var faults = (await JsonSchema.FromJsonAsync(schema!.ToJsonString())).Validate(body);
            Assert.True(faults.Count == 0, $"{path}: {string.Join("; ", faults)}\n{body}\n{schema}");
        }
    }

    [Fact]
    public async Task The_document_names_the_words_of_closed_sets()
    {
        await using var gateway = await TestGateway.StartAsync([]);
        var document = JsonNode.Parse(await gateway.Admin.GetStringAsync(new Uri("/openapi.json", UriKind.Relative)))!;
        var status = document["paths"]!["/status"]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;
        Assert.Equal(["starting", "ready", "draining"], status["properties"]!["phase"]!["enum"]!.AsArray().Select(word => (string?)word));
    }
}
