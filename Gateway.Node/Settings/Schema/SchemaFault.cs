using System.Text.Json.Nodes;

namespace Gateway.Node.Settings.Schema;

/// <summary>One value that does not fit, by the first rule that it breaks.</summary>
/// <param name="Schema">What it was held against; of a key, the schema of the object.</param>
/// <param name="Value">The value; null is JSON's null. Of a missing key, the object that misses it.</param>
/// <param name="Place">Where the value stands.</param>
/// <param name="Name">The key that is unknown or missing; else null.</param>
internal sealed record SchemaFault(SchemaFaultKind Kind, SchemaNode Schema, JsonNode? Value, SchemaPlace Place, string? Name = null)
{
    /// <summary>What the message names: the value's place, or that of the key.</summary>
    public string Path => Kind == SchemaFaultKind.MissingKey ? $"{Place.Path}.{Name}" : Place.Path;

    /// <summary>Takes the value out of its document. Null stands for "not given" further on, and keeps the other elements of a list at their places.</summary>
    public void TakeOut()
    {
        switch (Place.Holder)
        {
            case JsonObject map when Kind == SchemaFaultKind.UnknownKey:
                map.Remove(Place.Key!);
                break;
            case JsonObject map:
                map[Place.Key!] = null;
                break;
            case JsonArray list:
                list[Place.Index] = null;
                break;
            default:
                break; // The document itself.
        }
    }
}
