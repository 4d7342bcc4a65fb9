using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Node.Settings.Sections;

/// <summary>Reads a list of texts, or one text with commas between them, as flags and variables write it.</summary>
internal sealed class CommaListConverter : JsonConverter<ImmutableArray<string?>>
{
    public override ImmutableArray<string?> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? [.. reader.GetString()!.Split(',', StringSplitOptions.TrimEntries)]
            : [.. JsonSerializer.Deserialize<string?[]>(ref reader, options)!];

    public override void Write(Utf8JsonWriter writer, ImmutableArray<string?> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.AsEnumerable(), options);
}
