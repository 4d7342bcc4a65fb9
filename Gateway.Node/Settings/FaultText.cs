using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Core.Commands;
using Gateway.Node.Settings.Schema;

namespace Gateway.Node.Settings;

/// <summary>Describes a schema error: the value, the error, and the allowed values.</summary>
internal static class FaultText
{
    /// <param name="quoted">Whether texts were written in quotes, as in a file; flags and variables have none.</param>
    public static string Of(SchemaFault fault, bool quoted)
    {
        var (schema, value) = (fault.Schema, fault.Value);
        return fault.Kind switch
        {
            SchemaFaultKind.UnknownKey => UnknownKey(fault.Name!, schema),
            SchemaFaultKind.MissingKey => $"is missing; allowed: {Allowed(schema.Property(fault.Name!)!)}",
            _ when quoted && IsQuoted(value, schema) => $"{Quote(value)} must not be in quotes; allowed: {Allowed(schema)}",
            _ when Meant(value, schema) is { } meant => $"{Quote(value)} {Problem(fault)}; did you mean {meant}?",
            _ => $"{Quote(value)} {Problem(fault)}; allowed: {Allowed(schema)}",
        };
    }

    /// <summary>The range of a duration; null if the schema is not of a duration.</summary>
    public static (TimeSpan Min, TimeSpan Max)? DurationRange(SchemaNode schema) =>
        schema.Word("x-minimum") is { } min && schema.Word("x-maximum") is { } max
            ? (TimeSpan.Parse(min, CultureInfo.InvariantCulture), TimeSpan.Parse(max, CultureInfo.InvariantCulture))
            : null;

    /// <summary>The known key closest to an unknown one; null: none is close.</summary>
    public static string? KeyMeant(SchemaFault fault) =>
        fault.Kind == SchemaFaultKind.UnknownKey ? Spelling.Nearest(fault.Name!, fault.Schema.Keys) : null;

    /// <summary>Whether a text would be the expected number or boolean without its quotes.</summary>
    private static bool IsQuoted(JsonNode? value, SchemaNode schema) =>
        TextOf(value) is { } text && !schema.Types.HasFlag(SchemaTypes.Text) &&
        ((schema.Types.HasFlag(SchemaTypes.Truth) && bool.TryParse(text, out _)) ||
            ((schema.Types & (SchemaTypes.Integer | SchemaTypes.Number)) != 0 &&
                decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)));

    /// <summary>The allowed word closest to a text.</summary>
    private static string? Meant(JsonNode? value, SchemaNode schema) => TextOf(value) is { } text ? Spelling.Nearest(text, schema.Choices) : null;

    private static string UnknownKey(string key, SchemaNode schema)
    {
        if (schema.Properties.IsEmpty)
        {
            return $"is not {Noun(schema)}; allowed: {Allowed(schema)}";
        }

        if (schema.Word($"x-removed-{key}") is { } instead)
        {
            return $"is no longer a key; {instead}";
        }

        return Spelling.Nearest(key, schema.Keys) is { } meant
            ? $"unknown key; did you mean {meant}?"
            : $"unknown key; allowed: {string.Join(", ", schema.Keys)}";
    }

    private static string Problem(SchemaFault fault) => fault.Kind switch
    {
        SchemaFaultKind.OutOfRange => "is out of range",
        SchemaFaultKind.TooShort when TextOf(fault.Value) == "" => "is empty",
        SchemaFaultKind.TooShort => "is too short",
        SchemaFaultKind.TooLong => "is too long",
        _ when TextOf(fault.Value) is { } text && DurationRange(fault.Schema) is not null =>
            DurationText.TryParse(text, out _) ? "is out of range" : DurationText.FaultOf(text),
        _ => "is not " + Noun(fault.Schema),
    };

    private static string Noun(SchemaNode schema) => schema.Word("x-is") ?? schema switch
    {
        _ when DurationRange(schema) is not null => "a duration",
        { Types: SchemaTypes.Integer } => "a whole number",
        { Types: SchemaTypes.Number } => "a number",
        { Types: SchemaTypes.Truth } => "true or false",
        { Types: SchemaTypes.Object } => "an object",
        { Types: SchemaTypes.List } => "a list",
        _ => "a string",
    };

    private static string Allowed(SchemaNode schema)
    {
        if (schema.Word("x-allowed") is { } words)
        {
            return words;
        }

        if (schema.Choices.Length > 0)
        {
            return string.Join(", ", schema.Choices);
        }

        if (DurationRange(schema) is var (min, max))
        {
            return $"{Short(min)} to {Short(max)}, {DurationText.Forms}";
        }

        return schema.Types switch
        {
            SchemaTypes.Integer or SchemaTypes.Number =>
                string.Create(CultureInfo.InvariantCulture, $"{schema.Minimum:0} to {schema.Maximum:0}"),
            SchemaTypes.Truth => "true, false",
            SchemaTypes.Object => "{ " + string.Join(", ", schema.Keys) + " }",
            SchemaTypes.List => "[ ... ]",
            _ => "a string on one line",
        };
    }

    private static string Quote(JsonNode? value) => Faults.Quote(TextOf(value) ?? value?.ToJsonString(SettingsText.Plain) ?? "null");

    private static string? TextOf(JsonNode? value) => SchemaCheck.TypeOf(value) == SchemaTypes.Text ? (string)value! : null;

    /// <summary>Omits the zeros at the end: 00:00:00.1.</summary>
    private static string Short(TimeSpan duration)
    {
        var text = duration.ToString("c", CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) && duration.Ticks % TimeSpan.TicksPerSecond != 0 ? text.TrimEnd('0') : text;
    }
}
