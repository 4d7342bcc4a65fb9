using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Node.Settings.Schema;

namespace Gateway.Node.Settings;

/// <summary>
/// The JSON schema that ships with the process, and the one place where types, ranges and choices stand. Every layer is held
/// against it; what does not fit becomes one line each and is taken out, so that the rest can still be looked at.
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

    /// <summary>Adds a line for each value that does not fit, and takes those values out of the layer.</summary>
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
            fault.TakeOut();
        }
    }

    /// <summary>The value that a flag's or variable's text stands for: a number or a truth value where the key takes one, else the text.</summary>
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

    /// <summary>What holds when nobody gives the key; null: nothing.</summary>
    public string? DefaultOf(string key) => _root.Property(key)!.Default ?? _root.Property(key)!.Word("x-default");

    /// <summary>The path of another key of the same object.</summary>
    private static string Sibling(string path, string key) => path.LastIndexOf('.') is >= 0 and var dot ? $"{path[..dot]}.{key}" : key;
}
