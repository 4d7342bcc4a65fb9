using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.Node.Settings.Schema;

/// <summary>
/// Reads a schema. Throws <see cref="NotSupportedException"/> for an unsupported keyword: a rule in the schema that is not enforced would be worse than none.
/// </summary>
internal sealed class SchemaReader(JsonElement document)
{
    private const string Definitions = "#/definitions/";

    private readonly Dictionary<string, SchemaNode> _definitions = new(StringComparer.Ordinal);

    public SchemaNode Read() => Read(document);

    private SchemaNode Read(JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            return Definition(reference.GetString()!);
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            Check(keyword.Name);
        }

        return new()
        {
            Types = Types(schema),
            Properties = [.. Members(schema, "properties").Select(p => KeyValuePair.Create(p.Name, Read(p.Value)))],
            PatternProperty = Members(schema, "patternProperties").SingleOrDefault() is { Value.ValueKind: JsonValueKind.Object } pattern
                ? (new Regex(pattern.Name, RegexOptions.CultureInvariant), Read(pattern.Value))
                : null,
            Open = !schema.TryGetProperty("additionalProperties", out var open) || open.GetBoolean(),
            Required = Texts(schema, "required"),
            Choices = Texts(schema, "enum"),
            Pattern = schema.TryGetProperty("pattern", out var text) ? text.GetString() : null,
            MinLength = schema.TryGetProperty("minLength", out var min) ? min.GetInt32() : 0,
            MaxLength = schema.TryGetProperty("maxLength", out var max) ? max.GetInt32() : int.MaxValue,
            Minimum = Number(schema, "minimum"),
            ExclusiveMinimum = Number(schema, "exclusiveMinimum"),
            Maximum = Number(schema, "maximum"),
            Items = schema.TryGetProperty("items", out var items) ? Read(items) : null,
            UniqueItems = schema.TryGetProperty("uniqueItems", out var unique) && unique.GetBoolean(),
            OneOf = schema.TryGetProperty("oneOf", out var choices) ? [.. choices.EnumerateArray().Select(Read)] : [],
            Default = schema.TryGetProperty("default", out var value) ? Words(value) : null,
            Words = [.. schema.EnumerateObject().Where(IsWord).Select(p => KeyValuePair.Create(p.Name, p.Value.GetString()!))],
        };
    }

    private SchemaNode Definition(string reference)
    {
        if (!reference.StartsWith(Definitions, StringComparison.Ordinal))
        {
            throw new NotSupportedException($"unsupported reference: {reference}");
        }

        if (!_definitions.TryGetValue(reference, out var node))
        {
            node = Read(document.GetProperty("definitions").GetProperty(reference[Definitions.Length..]));
            _definitions.Add(reference, node);
        }

        return node;
    }

    private static void Check(string keyword)
    {
        switch (keyword)
        {
            case "type" or "properties" or "patternProperties" or "additionalProperties" or "required" or "enum" or "pattern" or "minLength" or "maxLength"
                or "minimum" or "exclusiveMinimum" or "maximum" or "items" or "uniqueItems" or "oneOf" or "default" or "definitions":
            case "$schema" or "$id" or "title" or "description" or "examples": // For people and editors.
                break;
            default:
                if (!keyword.StartsWith("x-", StringComparison.Ordinal))
                {
                    throw new NotSupportedException($"unsupported schema keyword: {keyword}");
                }

                break;
        }
    }

    private static SchemaTypes Types(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? SchemaTypes.None
        : type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Aggregate(SchemaTypes.None, (types, one) => types | TypeOf(one.GetString()!))
        : TypeOf(type.GetString()!);

    private static SchemaTypes TypeOf(string name) => name switch
    {
        "string" => SchemaTypes.Text,
        "integer" => SchemaTypes.Integer,
        "number" => SchemaTypes.Number,
        "boolean" => SchemaTypes.Truth,
        "object" => SchemaTypes.Object,
        "array" => SchemaTypes.List,
        _ => throw new NotSupportedException($"unsupported schema type: {name}"),
    };

    private static JsonElement.ObjectEnumerator Members(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var members) ? members.EnumerateObject() : default;

    private static ImmutableArray<string> Texts(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var texts) ? [.. texts.EnumerateArray().Select(text => text.GetString()!)] : [];

    private static decimal? Number(JsonElement schema, string keyword) => schema.TryGetProperty(keyword, out var number) ? number.GetDecimal() : null;

    private static string Words(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "on",
        JsonValueKind.False => "off",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetDouble().ToString(CultureInfo.InvariantCulture),
        _ => value.GetRawText(),
    };

    private static bool IsWord(JsonProperty keyword) => keyword.Name.StartsWith("x-", StringComparison.Ordinal);
}
