using System.Globalization;
using System.Text;

namespace Gateway.Fuzz.Engine;

/// <summary>
/// Marks that identify the request of every message: a field with the request's number, which backends echo, and bodies that consist of it. An unmutated
/// message states that too, with the length of its body, so that its receiver can tell whether it is complete.
/// </summary>
internal static class Identity
{
    /// <summary>The bytes of a mark, as repeated in bodies.</summary>
    public const int Length = 20;

    /// <summary>The start of every mark.</summary>
    public static ReadOnlySpan<byte> Prefix => "id-"u8;

    public static ReadOnlySpan<byte> IdField => "x-id"u8;

    public static ReadOnlySpan<byte> LengthField => "x-len"u8;

    /// <summary>The field of unmutated messages.</summary>
    public static ReadOnlySpan<byte> PlainField => "x-plain"u8;

    public static string New(Random random) => string.Create(CultureInfo.InvariantCulture, $"id-{random.NextInt64():x16}.");

    /// <summary>The body for a mark.</summary>
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

    /// <summary>Whether these bytes are at this offset in the body of a mark.</summary>
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
