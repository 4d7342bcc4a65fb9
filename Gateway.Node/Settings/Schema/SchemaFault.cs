using System.Text.Json.Nodes;

namespace Gateway.Node.Settings.Schema;

/// <summary>A value that violates the schema, by the first rule violated.</summary>
/// <param name="Schema">The schema of the value; for a key, that of its object.</param>
/// <param name="Value">The value; null is JSON's null. For a missing key, the object.</param>
/// <param name="Place">The place of the value.</param>
/// <param name="Name">The unknown or missing key; otherwise null.</param>
internal sealed record SchemaFault(SchemaFaultKind Kind, SchemaNode Schema, JsonNode? Value, SchemaPlace Place, string? Name = null)
{
    /// <summary>The place for the message: the value's, or the key's.</summary>
    public string Path => Kind == SchemaFaultKind.MissingKey ? $"{Place.Path}.{Name}" : Place.Path;

    /// <summary>Removes the value from its document. Null means "not given" from then on, and keeps the other elements of a list in place.</summary>
    public void Remove()
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
