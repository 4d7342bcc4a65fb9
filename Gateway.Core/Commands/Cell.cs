using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Core.Commands;

/// <summary>One value of a row: a string, a number, a Boolean, or null.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct Cell
{
    private Cell(string? text, double? number, bool? truth) => (Text, Number, Truth) = (text, number, truth);

    public string? Text { get; }

    public double? Number { get; }

    public bool? Truth { get; }

    public static implicit operator Cell(string? text) => new(text, null, null);

    public static implicit operator Cell(double? number) => new(null, number, null);

    public static implicit operator Cell(bool truth) => new(null, null, truth);

    /// <summary>Formats the value for display; null is a dash.</summary>
    public string Show(CellFormat format) => this switch
    {
        { Text: { } text } => text,
        { Truth: { } truth } => truth ? "yes" : "no",
        { Number: { } number } => Show(number, format),
        _ => "-",
    };

    private static string Show(double number, CellFormat format) => format switch
    {
        CellFormat.Rate => number.ToString("0.0", CultureInfo.InvariantCulture),
        CellFormat.Seconds => Duration(number),
        CellFormat.Milliseconds => number.ToString(number < 10 ? "0.00" : number < 100 ? "0.0" : "0", CultureInfo.InvariantCulture),
        _ => number.ToString("0.###", CultureInfo.InvariantCulture),
    };

    private static string Duration(double seconds)
    {
        var whole = TimeSpan.FromSeconds(Math.Truncate(seconds));
        return seconds switch
        {
            < 10 => seconds.ToString("0.0", CultureInfo.InvariantCulture) + "s",
            < 60 => $"{whole.Seconds}s",
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{whole.Minutes}m{whole.Seconds:00}s"),
            < 86400 => string.Create(CultureInfo.InvariantCulture, $"{whole.Hours}h{whole.Minutes:00}m"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{whole.Days}d{whole.Hours:00}h"),
        };
    }

    internal sealed class Converter : JsonConverter<Cell>
    {
        public override Cell Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => reader.GetDouble(),
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Null => default,
            _ => throw new JsonException("a cell must be a string, a number, a boolean or null"),
        };

        public override void Write(Utf8JsonWriter writer, Cell value, JsonSerializerOptions options)
        {
            switch (value)
            {
                case { Text: { } text }:
                    writer.WriteStringValue(text);
                    break;
                case { Number: { } number }:
                    writer.WriteNumberValue(number);
                    break;
                case { Truth: { } truth }:
                    writer.WriteBooleanValue(truth);
                    break;
                default:
                    writer.WriteNullValue();
                    break;
            }
        }
    }
}
