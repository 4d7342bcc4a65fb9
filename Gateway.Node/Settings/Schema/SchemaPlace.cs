using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Node.Settings.Schema;

/// <summary>The place of a value in its document.</summary>
/// <param name="Path">
/// For instance <c>pools.default.endpoints[2]</c>; a key with other characters is in brackets: <c>pools['a.b']</c>. Empty: the document.
/// </param>
/// <param name="Holder">The object or list that contains it; null: it is the document.</param>
/// <param name="Key">Its key in an object.</param>
/// <param name="Index">Its index in a list.</param>
internal readonly record struct SchemaPlace(string Path, JsonNode? Holder, string? Key, int Index)
{
    private static readonly SearchValues<char> Special = SearchValues.Create(" .'/\"[]()\\");

    public static SchemaPlace Root { get; } = new("", null, null, 0);

    public SchemaPlace Of(JsonObject map, string key) => new(Joined(Path, key), map, key, 0);

    public SchemaPlace Of(JsonArray list, int index) => new(string.Create(CultureInfo.InvariantCulture, $"{Path}[{index}]"), list, null, index);

    private static string Joined(string path, string key)
    {
        if (!key.AsSpan().ContainsAny(Special) && !key.Any(char.IsControl))
        {
            return path.Length == 0 ? key : $"{path}.{key}";
        }

        var text = new StringBuilder(path).Append("['");
        foreach (var c in key)
        {
            text = char.IsControl(c) ? text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : c is '\'' or '\\' ? text.Append('\\').Append(c) : text.Append(c);
        }

        return text.Append("']").ToString();
    }
}
