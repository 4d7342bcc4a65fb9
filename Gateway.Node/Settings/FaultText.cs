using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;

namespace Gateway.Node.Settings;

/// <summary>Says in words what the schema has against a value: the value, what is wrong, and what is allowed.</summary>
internal static class FaultText
{
    public static string Of(ValidationError error)
    {
        var schema = error.Schema.ActualSchema;
        return error.Kind switch
        {
            ValidationErrorKind.NoAdditionalPropertiesAllowed => UnknownKey(error.Property!, schema),
            ValidationErrorKind.PropertyRequired => $"is missing; allowed: {Allowed(schema.Properties[error.Property!].ActualSchema)}",
            _ => $"{Value(error.Token!)} {Problem(error, schema)}; allowed: {Allowed(schema)}",
        };
    }

    /// <summary>The range of a duration; null if the schema is of something else.</summary>
    public static (TimeSpan Least, TimeSpan Most)? DurationRange(JsonSchema schema) =>
        Extension(schema, "x-minimum") is { } least && Extension(schema, "x-maximum") is { } most
            ? (TimeSpan.Parse(least, CultureInfo.InvariantCulture), TimeSpan.Parse(most, CultureInfo.InvariantCulture))
            : null;

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
        ValidationErrorKind.StringTooShort => "is too short",
        ValidationErrorKind.StringTooLong => "is too long",
        ValidationErrorKind.Unknown when IsDuration(error.Token!) && DurationRange(schema) is not null => "is out of range",
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
            return $"{Short(least)} to {Short(most)}, as hh:mm:ss";

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

    private static bool IsDuration(JToken token) =>
        TimeSpan.TryParseExact((string?)token, "c", CultureInfo.InvariantCulture, out _);

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
