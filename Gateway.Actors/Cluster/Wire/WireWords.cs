using System.Runtime.Serialization;
using Gateway.Core.Addressing;

namespace Gateway.Actors.Cluster.Wire;

/// <summary>Encodings shared by several message families.</summary>
internal static class WireWords
{
    public static void Endpoint(this WireWriter writer, EndpointId id)
    {
        writer.Text(id.Pool);
        writer.Text(id.Address.Canonical);
    }

    public static EndpointId Endpoint(this WireReader reader)
    {
        var (pool, text) = (reader.Text(), reader.Text());
        return EndpointAddress.TryParse(text, out var address, out var fault) ? new(pool, address) : throw new SerializationException($"'{text}' {fault}");
    }

    /// <summary>Reads an endpoint; null if its address is of a kind from a later version.</summary>
    public static EndpointId? EndpointIfKnown(this WireReader reader)
    {
        var (pool, text) = (reader.Text(), reader.Text());
        return EndpointAddress.TryParse(text, out var address, out _) ? new(pool, address) : null;
    }

    /// <summary>Reads an enumeration value, stored as a byte.</summary>
    /// <param name="otherwise">The result for a value from a later version.</param>
    public static T Word<T>(this WireReader reader, T otherwise)
        where T : struct, Enum
    {
        var word = (T)Enum.ToObject(typeof(T), reader.Byte());
        return Enum.IsDefined(word) ? word : otherwise;
    }
}
