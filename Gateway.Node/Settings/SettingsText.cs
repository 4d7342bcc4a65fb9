using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Node.Settings;

/// <summary>Reads the text of a settings file: JSON, with comments and trailing commas, and unique keys in each object.</summary>
internal static class SettingsText
{
    public const string Allowed = "allowed: JSON with comments and trailing commas, each key once";

    public static JsonDocumentOptions Options { get; } = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>For values in messages: escapes only where necessary.</summary>
    public static JsonSerializerOptions Plain { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document, which may be JSON's null; or the place and kind of its error.</summary>
    public static (JsonNode? Root, string? Fault) Read(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return (null, "is empty; allowed: { ... }");
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            if (Repeated(bytes) is var (name, at))
            {
                return (null, $"{Place(bytes, at)}: {Faults.Quote(name)} is set twice in the same object; {Allowed}");
            }

            return (JsonNode.Parse(bytes, documentOptions: Options), null);
        }
        catch (JsonException error)
        {
            var end = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            var reason = (end < 0 ? error.Message : error.Message[..end]).Replace(" Change the reader options.", "", StringComparison.Ordinal).TrimEnd('.');
            return (null, $"line {error.LineNumber + 1}, column {error.BytePositionInLine + 1}: {reason}; {Allowed}");
        }
    }

    /// <summary>The first repeated key of an object, and its offset; null: none. Throws if the text is not JSON.</summary>
    private static (string Name, long At)? Repeated(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var open = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    open.Push(new(StringComparer.Ordinal));
                    break;
                case JsonTokenType.EndObject:
                    open.Pop();
                    break;
                case JsonTokenType.PropertyName when !open.Peek().Add(reader.GetString()!):
                    return (reader.GetString()!, reader.TokenStartIndex);
                default:
                    break;
            }
        }

        return null;
    }

    private static string Place(ReadOnlySpan<byte> bytes, long at)
    {
        var before = bytes[..(int)at];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return $"line {before.Count((byte)'\n') + 1}, column {Encoding.UTF8.GetCharCount(before[lineStart..]) + 1}";
    }
}
