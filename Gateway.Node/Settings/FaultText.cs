using System.Globalization;
using Gateway.Core.Commands;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;

namespace Gateway.Node.Settings;

/// <summary>Says in words what the schema has against a value: the value, what is wrong, and what is allowed.</summary>
internal static class FaultText
{
    /// <param name="quoted">Whether a text was written in quotes, as in a file; flags and variables have none.</param>
    public static string Of(ValidationError error, bool quoted)
    {
        var schema = error.Schema.ActualSchema;
        return error.Kind switch
        {
            ValidationErrorKind.NoAdditionalPropertiesAllowed => UnknownKey(error.Property!, schema),
            ValidationErrorKind.PropertyRequired => $"is missing; allowed: {Allowed(schema.Properties[error.Property!].ActualSchema)}",
            _ when quoted && IsQuoted(error.Token!, schema) => $"{Value(error.Token!)} is in quotes; allowed: {Allowed(schema)}, without quotes",
            _ when Meant(error.Token!, schema) is { } meant => $"{Value(error.Token!)} {Problem(error, schema)}; did you mean {meant}?",
            _ => $"{Value(error.Token!)} {Problem(error, schema)}; allowed: {Allowed(schema)}",
        };
    }

    /// <summary>The range of a duration; null if the schema is of something else.</summary>
    public static (TimeSpan Least, TimeSpan Most)? DurationRange(JsonSchema schema) =>
        Extension(schema, "x-minimum") is { } least && Extension(schema, "x-maximum") is { } most
            ? (TimeSpan.Parse(least, CultureInfo.InvariantCulture), TimeSpan.Parse(most, CultureInfo.InvariantCulture))
            : null;

    /// <summary>The key that was meant by one that is unknown; null: none is near.</summary>
    public static string? KeyMeant(ValidationError error) => error.Kind == ValidationErrorKind.NoAdditionalPropertiesAllowed
        ? Spelling.Nearest(error.Property!, error.Schema.ActualSchema.Properties.Keys)
        : null;

    /// <summary>Whether a text would be what is wanted, a number or a truth value, if it had no quotes.</summary>
    private static bool IsQuoted(JToken token, JsonSchema schema) =>
        token.Type == JTokenType.String && !schema.Type.HasFlag(JsonObjectType.String) &&
        ((schema.Type.HasFlag(JsonObjectType.Boolean) && bool.TryParse((string)token!, out _)) ||
            ((schema.Type & (JsonObjectType.Integer | JsonObjectType.Number)) != 0 &&
                decimal.TryParse((string)token!, NumberStyles.Float, CultureInfo.InvariantCulture, out _)));

    /// <summary>The word of a closed set that a text is near to.</summary>
    private static string? Meant(JToken token, JsonSchema schema) =>
        token.Type == JTokenType.String ? Spelling.Nearest((string)token!, schema.Enumeration.OfType<string>()) : null;

    private static string UnknownKey(string key, JsonSchema schema)
    {
        if (schema.Properties.Count == 0)
            return $"is not {Noun(schema)}; allowed: {Allowed(schema)}";

        if (Extension(schema, $"x-removed-{key}") is { } instead)
            return $"is not a key any more; {instead}";

        return Spelling.Nearest(key, schema.Properties.Keys) is { } meant
            ? $"is not a key; did you mean {meant}?"
            : $"is not a key; allowed: {string.Join(", ", schema.Properties.Keys)}";
    }

    private static string Problem(ValidationError error, JsonSchema schema) => error.Kind switch
    {
        ValidationErrorKind.NumberTooSmall or ValidationErrorKind.NumberTooBig => "is out of range",
        ValidationErrorKind.StringTooShort when (string)error.Token! == "" => "is empty",
        ValidationErrorKind.StringTooShort => "is too short",
        ValidationErrorKind.StringTooLong => "is too long",
        _ when error.Token is { Type: JTokenType.String } text && DurationRange(schema) is not null =>
            DurationText.TryParse((string)text!, out _) ? "is out of range" : DurationText.FaultOf((string)text!),
        _ => "is not " + Noun(schema),
    };

    private static string Noun(JsonSchema schema) => Extension(schema, "x-is") ?? schema switch
    {
        _ when DurationRange(schema) is not null => "a duration",
        { Type: JsonObjectType.Integer } => "a whole number",
        { Type: JsonObjectType.Number } => "a number",
        { Type: JsonObjectType.Boolean } => "true or false",
        { Type: JsonObjectType.Object } => "an object",
        { Type: JsonObjectType.Array } => "a list",
        _ => "a text",
    };

    private static string Allowed(JsonSchema schema)
    {
        if (Extension(schema, "x-allowed") is { } words)
            return words;
        if (schema.Enumeration.Count > 0)
            return string.Join(", ", schema.Enumeration);
        if (DurationRange(schema) is var (least, most))
            return $"{Short(least)} to {Short(most)}, {DurationText.Forms}";

        return schema.Type switch
        {
            JsonObjectType.Integer or JsonObjectType.Number =>
                string.Create(CultureInfo.InvariantCulture, $"{schema.Minimum:0} to {schema.Maximum:0}"),
            JsonObjectType.Boolean => "true, false",
            JsonObjectType.Object => "{ " + string.Join(", ", schema.Properties.Keys) + " }",
            JsonObjectType.Array => "[ ... ]",
            _ => "a text of one line",
        };
    }

    private static string Value(JToken token) =>
        Faults.Quote(token.Type == JTokenType.String ? (string)token! : token.ToString(Formatting.None));

    /// <summary>Without the zeros at the end: 00:00:00.1.</summary>
    private static string Short(TimeSpan duration)
    {
        var text = duration.ToString("c", CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) && duration.Ticks % TimeSpan.TicksPerSecond != 0 ? text.TrimEnd('0') : text;
    }

    /// <summary>A keyword of our own, beginning with <c>x-</c>.</summary>
    public static string? Extension(JsonSchema schema, string name) =>
        schema.ExtensionData is { } extensions && extensions.TryGetValue(name, out var value) ? value as string : null;
}
