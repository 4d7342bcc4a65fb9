using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Node.Settings;
using Gateway.Node.Settings.Schema;
using NJsonSchema;
using NJsonSchema.Validation;

namespace Gateway.Tests.Settings;

/// <summary>Compares our schema check with a library's: both accept the same files, except for rules that the schema language cannot express.</summary>
public sealed class SchemaCheckTests
{
    private static readonly string Text =
        new StreamReader(typeof(GatewaySettings).Assembly.GetManifestResourceStream("gateway.schema.json")!).ReadToEnd();

    private static readonly SchemaNode Ours = new SchemaReader(JsonDocument.Parse(Text).RootElement).Read();

    private static readonly Lazy<Task<JsonSchema>> Theirs = new(() => JsonSchema.FromJsonAsync(Text));

    private static readonly string[] OddValues =
    [
        "null", "true", "false", "0", "1", "-1", "5", "101", "600", "1000000000000", "1e2", "0.5", "100.5", "-0.1", "\"\"", "\"x\"", "\"a b\"", "\"5\"", "\"true\"",
        "\"00:00:01\"", "\"5s\"", "\"200-299\"", "\"299\"", "\"preserve\"", "\"http2\"", "\"maglev\"", "\"127.0.0.1:80\"", "\"/path\"", "[]", "[null]", "[1]", "[502,502]",
        "[502,503]", "[499]", "[\"a\"]", "[\"a\",\"a\"]", "[{}]", "[{\"name\":\"n\"}]", "[{\"address\":\"http://a:1\",\"x\":1}]", "{}", "{\"value\":\"h\"}",
        "{\"value\":\"h h\"}", "{\"value\":\"h\",\"x\":1}", "{\"x\":1}", "{\"percent\":0}", "{\"percent\":100}", "{\"default\":{}}", "{\"not a name\":{}}",
    ];

    public static TheoryData<string> Keys => [.. SchemaTests.Keys, "pools", "pools.other", "routes", "limits", "drain", "unknown", "pools.other.unknown"];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_value_passes_where_the_library_lets_it_pass(string path)
    {
        var theirs = await Theirs.Value;
        foreach (var odd in OddValues)
        {
            var file = SchemaTests.With(path, JsonNode.Parse(odd));
            var ours = SchemaCheck.Of(JsonNode.Parse(file), Ours).Where(fault => !IsRuleOfOurs(fault)).ToList();
            var expected = theirs.Validate(file, new JsonSchemaValidatorSettings());
            Assert.True(ours.Count == 0 == (expected.Count == 0), $"{path} = {odd}: {string.Join(", ", ours.Select(f => f.Path))}; the library: {string.Join(", ", expected)}");
        }
    }

    [Fact]
    public void A_keyword_that_nothing_goes_by_is_refused() => Assert.Throws<NotSupportedException>(
        () => new SchemaReader(JsonDocument.Parse("""{ "properties": { "a": { "type": "integer", "multipleOf": 2 } } }""").RootElement).Read());

    /// <summary>The range of a duration.</summary>
    private static bool IsRuleOfOurs(SchemaFault fault) =>
        fault is { Kind: SchemaFaultKind.NotOfKind, Schema: { Pattern: not null } schema, Value: JsonValue value } &&
        schema.Word("x-minimum") is not null && SchemaCheck.TypeOf(value) == SchemaTypes.Text && schema.Matches((string)value!);
}
