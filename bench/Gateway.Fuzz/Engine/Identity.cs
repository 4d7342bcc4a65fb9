using System.Globalization;
using System.Text;

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
        var filled = Math.Min(length, id.Length);
        Encoding.Latin1.GetBytes(id.AsSpan(0, filled), body);
        while (filled < length)
        {
            var part = Math.Min(filled - (filled % id.Length), length - filled);
            body.AsSpan(0, part).CopyTo(body.AsSpan(filled));
            filled += part;
        }

        return body;
    }

    /// <summary>Whether these bytes stand in the body of a mark at this place.</summary>
    public static bool IsBody(string id, long at, ReadOnlySpan<byte> bytes)
    {
        var place = (int)(at % id.Length);
        foreach (var octet in bytes)
        {
            if (octet != id[place])
            {
                return false;
            }

            place = place + 1 == id.Length ? 0 : place + 1;
        }

        return true;
    }
}
