using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Node.Settings.Schema;

namespace Gateway.Node.Settings;

/// <summary>
/// The JSON schema that ships with the process, the only definition of types, ranges and choices. Every layer is checked against it; each faulty value gets a
/// line and is removed, so that the rest can still be checked.
/// </summary>
internal sealed class SettingsSchema
{
    private const string Resource = "gateway.schema.json";

    private readonly SchemaNode _root;

    private SettingsSchema(SchemaNode root) => _root = root;

    public static SettingsSchema Load()
    {
        using var stream = typeof(SettingsSchema).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is missing in the assembly");
        using var document = JsonDocument.Parse(stream);
        return new(new SchemaReader(document.RootElement).Read());
    }

    /// <summary>Adds a line for each faulty value, and removes those values from the layer.</summary>
    public void Check(Layer layer, Faults faults)
    {
        var found = SchemaCheck.Of(layer.Values, _root);
        foreach (var fault in found)
        {
            faults.Add(fault.Path, layer.Where(fault.Path), FaultText.Of(fault, quoted: !layer.Wins));
            if (FaultText.KeyMeant(fault) is { } meant)
            {
                faults.Mean(Sibling(fault.Path, meant));
            }
        }

        foreach (var fault in found)
        {
            fault.Remove();
        }
    }

    /// <summary>Converts the text of a flag or variable: to a number or boolean if the key takes one, otherwise it stays a text.</summary>
    public JsonNode Read(string key, string text)
    {
        var types = _root.Property(key)!.Types;
        if (types.HasFlag(SchemaTypes.Integer) &&
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return JsonValue.Create(number);
        }

        return types.HasFlag(SchemaTypes.Truth) && bool.TryParse(text, out var truth) ? JsonValue.Create(truth) : JsonValue.Create(text);
    }

    /// <summary>The default of a key; null: none.</summary>
    public string? DefaultOf(string key) => _root.Property(key)!.Default ?? _root.Property(key)!.Word("x-default");

    /// <summary>The path of another key in the same object.</summary>
    private static string Sibling(string path, string key) => path.LastIndexOf('.') is >= 0 and var dot ? $"{path[..dot]}.{key}" : key;
}
