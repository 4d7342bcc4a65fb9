using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Node.Settings.Schema;

namespace Gateway.Node.Settings.Sections;

/// <summary>
/// The keys of an object in the settings, already checked against the schema. Null is "not given". Not read with the serializer, whose generic code the runtime
/// would have to compile at each start.
/// </summary>
internal readonly struct SectionValues(JsonObject values)
{
    public JsonNode? Node(string key) => values[key];

    public string? Text(string key) => (string?)values[key];

    public int? Integer(string key) => IntegerOf(values[key]);

    public long? Long(string key) => values[key] is { } node ? long.Parse(node.ToJsonString(), CultureInfo.InvariantCulture) : null;

    public double? Number(string key) => values[key] is { } node ? double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture) : null;

    public bool? Truth(string key) => values[key] is { } node ? bool.Parse(node.ToJsonString()) : null;

    /// <summary>Reads a duration in any form that the schema allows.</summary>
    public TimeSpan? Duration(string key) => Text(key) is { } text
        ? DurationText.TryParse(text, out var duration) ? duration : throw new FormatException($"{key}: a duration was expected")
        : null;

    public T? Section<T>(string key, Func<SectionValues, T> read)
        where T : class => SectionOf(values[key], read);

    /// <summary>Reads a section, or a text in place of one.</summary>
    public T? TextOrSection<T>(string key, Func<string, T> readText, Func<SectionValues, T> read)
        where T : class => SchemaCheck.TypeOf(values[key]) == SchemaTypes.Text ? readText(Text(key)!) : SectionOf(values[key], read);

    public List<T?>? Sections<T>(string key, Func<SectionValues, T> read)
        where T : class => values[key] is JsonArray list ? [.. list.Select(item => SectionOf(item, read))] : null;

    public Dictionary<string, T?>? Map<T>(string key, Func<SectionValues, T> read)
        where T : class => values[key] is JsonObject map ? map.ToDictionary(pair => pair.Key, pair => SectionOf(pair.Value, read), StringComparer.Ordinal) : null;

    public List<string?>? Texts(string key) => values[key] is JsonArray list ? [.. list.Select(item => (string?)item)] : null;

    public List<int?>? Integers(string key) => values[key] is JsonArray list ? [.. list.Select(IntegerOf)] : null;

    /// <summary>Reads a list of texts, or one text with commas, as in flags and variables.</summary>
    public List<string?>? TextsOrCommas(string key) => SchemaCheck.TypeOf(values[key]) == SchemaTypes.Text
        ? [.. Text(key)!.Split(',', StringSplitOptions.TrimEntries)]
        : Texts(key);

    private static int? IntegerOf(JsonNode? node) => node is null ? null : int.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);

    private static T? SectionOf<T>(JsonNode? node, Func<SectionValues, T> read)
        where T : class => node is JsonObject values ? read(new(values)) : null;
}
