using System.Globalization;

namespace Gateway.Fuzz.Engine;

/// <summary>
/// The marks by which every message says which request it belongs to: a field with the request's number, which backends echo, and bodies that are made of it. A message
/// that was not mutated says that too, and how long its body is, so that whoever gets it can tell whether it is whole.
/// </summary>
internal static class Identity
{
    /// <summary>Bytes of a mark, as bodies repeat it.</summary>
    public const int Length = 20;

    /// <summary>What every mark begins with.</summary>
    public static ReadOnlySpan<byte> Prefix => "id-"u8;

    public static ReadOnlySpan<byte> IdField => "x-id"u8;

    public static ReadOnlySpan<byte> LengthField => "x-len"u8;

    /// <summary>Of messages that were not mutated.</summary>
    public static ReadOnlySpan<byte> PlainField => "x-plain"u8;

    public static string New(Random random) => string.Create(CultureInfo.InvariantCulture, $"id-{random.NextInt64():x16}.");

    /// <summary>The body that belongs to a mark.</summary>
    public static byte[] Body(string id, int length)
    {
        var body = new byte[length];
        for (var i = 0; i < length; i++)
        {
            body[i] = (byte)id[i % id.Length];
        }

        return body;
    }

    /// <summary>Whether these bytes stand in the body of a mark at this place.</summary>
    public static bool IsBody(string id, long at, ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != id[(int)((at + i) % id.Length)])
            {
                return false;
            }
        }

        return true;
    }
}
