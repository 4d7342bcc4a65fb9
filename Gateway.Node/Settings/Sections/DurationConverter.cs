using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Node.Settings.Sections;

/// <summary>Reads every form of a duration that the schema has let pass.</summary>
internal sealed class DurationConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } text && DurationText.TryParse(text, out var duration) ? duration : throw new JsonException("a duration was expected");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("c", System.Globalization.CultureInfo.InvariantCulture));
}
