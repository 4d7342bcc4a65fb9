using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Node.Settings;

namespace Gateway.Tests.Docs;

/// <summary>Generates docs/configuration.md from the schema: a section per object, a row per setting.</summary>
internal sealed partial class ConfigurationReference(JsonObject schema)
{
    private const string Introduction =
        """
        # Configuration reference

        <!-- Generated from Gateway.Node/gateway.schema.json by Gateway.Tests/Docs/ConfigurationReference.cs. Do not edit: change the schema. -->

        Every setting of `gateway.json`, with its type, default and allowed values. The file is JSON; comments and trailing commas are allowed.
        Pass its path with `--config` or `GATEWAY_CONFIG`. Settings that have a flag can also be given as a flag or as an environment variable; a flag wins
        over its variable, the variable over the file, the file over the default. `gateway --check-config` validates everything without starting.

        The file is reloaded when it changes and on SIGHUP. An invalid file changes nothing. Settings that take effect only at the start are
        reported as such in the log.

        * A *duration* is `hh:mm:ss`, with days in front as in `1.00:00:00`, or numbers with units: `500ms`, `5s`, `2m`, `1h30m`, `1d`.
        * A *path* that is relative is relative to the directory of the file.
        * In section names, `<pool>` stands for the name of a pool and `[]` for each element of a list.

        For complete files, see the [recipes](recipes.md). For the schema itself, see
        [gateway.schema.json](../Gateway.Node/gateway.schema.json).

        """;

    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<(string Path, JsonObject Section)> _sections = [];

    public string Text()
    {
        Collect("", schema);
        var text = new StringBuilder(Introduction).Append("\n## Sections\n\n");
        foreach (var (path, section) in _sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"* [{Title(path)}](#{Anchor(path)}){(path.Length == 0 ? "" : ": " + FirstSentence(Description(section)))}\n");
        }

        foreach (var (path, section) in _sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {Title(path)}\n\n");
            if (path.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{Description(section)}\n\n");
            }

            Rows(text, path, section);
        }

        return text.ToString();
    }

    private void Rows(StringBuilder text, string path, JsonObject section)
    {
        text.Append("| setting | type | default | allowed | description |\n|---|---|---|---|---|\n");
        var required = section["required"]?.AsArray().Select(name => (string)name!).ToHashSet() ?? [];
        foreach (var (name, value) in Properties(section))
        {
            var setting = Resolved(value);
            var description = Description(value).Length > 0 ? Description(value) : Description(setting);
            var (type, allowed) = IsSection(setting) ? ($"[object](#{Anchor(Join(path, name))})", "")
                : IsMap(setting) ? ($"[object by name](#{Anchor(Join(path, name) + ".<pool>")})", "")
                : ItemsOf(setting) is { } items && IsSection(items) ? ($"[list of objects](#{Anchor(Join(path, name) + "[]")})", "")
                : (TypeOf(setting), AllowedOf(setting));
            if (setting["properties"] is not null && TypeOf(setting).Contains("string", StringComparison.Ordinal))
            {
                (type, allowed) = (type + " or string", (string?)setting["x-allowed"] ?? "");
            }

            var flag = path.Length == 0 && Flag.ByKey(name) is { } known ? $"<br>Flag `{known.Option}`, variable `{known.Variable}`." : "";
            text.Append(CultureInfo.InvariantCulture,
                $"| `{name}` | {type} | {(required.Contains(name) ? "required" : DefaultOf(setting, description))} | {Cell(allowed)} | {Cell(description)}{flag} |\n");
        }
    }

    private void Collect(string path, JsonObject section)
    {
        _sections.Add((path, section));
        foreach (var (name, value) in Properties(section))
        {
            var setting = Resolved(value);
            var (below, inner) = IsSection(setting) ? (Join(path, name), setting)
                : IsMap(setting) ? (Join(path, name) + ".<pool>", Resolved(setting["patternProperties"]!.AsObject().Single().Value!.AsObject()))
                : (Join(path, name) + "[]", ItemsOf(setting) ?? []);
            if (IsSection(inner))
            {
                Collect(below, inner);
            }
        }
    }

    private JsonObject? ItemsOf(JsonObject setting) => setting["items"] is JsonObject items ? Resolved(items) : null;

    private JsonObject Resolved(JsonObject value) =>
        (string?)value["$ref"] is { } reference ? schema["definitions"]![reference.Split('/')[^1]]!.AsObject() : value;

    private static IEnumerable<KeyValuePair<string, JsonObject>> Properties(JsonObject section) =>
        section["properties"]!.AsObject().Where(p => p.Key != "$schema").Select(p => KeyValuePair.Create(p.Key, p.Value!.AsObject()));

    private static bool IsSection(JsonObject setting) => setting["properties"] is JsonObject;

    private static bool IsMap(JsonObject setting) => setting["patternProperties"] is JsonObject;

    private static string TypeOf(JsonObject setting)
    {
        if (setting["oneOf"] is not null)
        {
            return "string or object";
        }

        var types = setting["type"] is JsonArray several ? several.Select(type => (string)type!).ToList() : [(string)setting["type"]!];
        if (types is ["string"] && setting["x-minimum"] is not null)
        {
            return "duration";
        }

        return string.Join(" or ", types.Select(type => type == "array" ? $"list of {setting["items"]!["type"]}s" : type));
    }

    private static string AllowedOf(JsonObject setting)
    {
        var items = setting["items"] as JsonObject;
        if ((setting["enum"] ?? items?["enum"]) is JsonArray words)
        {
            return string.Join(", ", words.Select(word => $"`{word}`"));
        }

        if ((string?)setting["x-minimum"] is { } shortest)
        {
            return $"{Duration(shortest)} to {Duration((string)setting["x-maximum"]!)}";
        }

        if ((string?)(setting["x-allowed"] ?? items?["x-allowed"]) is { } said)
        {
            return said;
        }

        var numbers = items?["minimum"] is not null ? items : setting;
        return numbers["minimum"] is { } least ? $"{least} to {numbers["maximum"]}"
            : (string?)setting["type"] == "boolean" ? "`true`, `false`"
            : "";
    }

    private static string DefaultOf(JsonObject setting, string description) =>
        setting["default"] is { } value ? $"`{(setting["x-minimum"] is null ? value.ToJsonString(AsWritten) : Duration((string)value!))}`"
        : (string?)setting["x-default"] is { } said ? said
        : DefaultInWords().Match(description) is { Success: true } words ? Cell(words.Groups[1].Value)
        : "none";

    /// <summary>A duration of the schema in short form: 00:01:30 is 1m30s.</summary>
    private static string Duration(string text)
    {
        var time = TimeSpan.Parse(text, CultureInfo.InvariantCulture);
        var parts = string.Concat(new[] { (time.Days, "d"), (time.Hours, "h"), (time.Minutes, "m"), (time.Seconds, "s"), (time.Milliseconds, "ms") }
            .Where(part => part.Item1 > 0).Select(part => part.Item1.ToString(CultureInfo.InvariantCulture) + part.Item2));
        return parts.Length > 0 ? parts : "0s";
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Title(string path) => path.Length == 0 ? "Top level" : $"`{path}`";

    /// <summary>The anchor that Markdown renderers derive from the title.</summary>
    private static string Anchor(string path) =>
        path.Length == 0 ? "top-level" : NotInAnchors().Replace(path.ToLowerInvariant(), "");

    private static string Description(JsonObject setting) => (string?)setting["description"] ?? "";

    private static string FirstSentence(string text) => text.IndexOf(". ", StringComparison.Ordinal) is > 0 and var end ? text[..(end + 1)] : text;

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);

    [GeneratedRegex(@"\bDefault:? (?:is )?((?:[^.;]|\.(?=\w))*?)(?:, \d[^,.;]* to [^.;]*)?(?:\.(?!\w)|;|$)")]
    private static partial Regex DefaultInWords();

    [GeneratedRegex("[^a-z0-9_-]")]
    private static partial Regex NotInAnchors();
}
