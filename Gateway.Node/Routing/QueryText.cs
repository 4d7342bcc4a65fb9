using Gateway.Core.Balancing;

namespace Gateway.Node.Routing;

/// <summary>Reads query parameters, compared decoded: <c>%76=1</c> is <c>v=1</c>, and a plus sign is a space.</summary>
internal static class QueryText
{
    private const int MaxHashed = 1024;

    /// <summary>Whether there is a parameter of this name and, if given, of this value.</summary>
    /// <param name="query">Without the question mark.</param>
    /// <param name="value">null: any.</param>
    public static bool Has(ReadOnlySpan<byte> query, ReadOnlySpan<byte> name, byte[]? value)
    {
        while (!query.IsEmpty)
        {
            var end = query.IndexOf((byte)'&');
            var parameter = end < 0 ? query : query[..end];
            query = end < 0 ? [] : query[(end + 1)..];
            var equals = parameter.IndexOf((byte)'=');
            if (Means(equals < 0 ? parameter : parameter[..equals], name) && (value is null || Means(equals < 0 ? [] : parameter[(equals + 1)..], value)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The hash key of the decoded value of the first parameter of this name; without a value, that of no bytes. False if there is none.</summary>
    public static bool TryHash(ReadOnlySpan<byte> query, ReadOnlySpan<byte> name, out ulong hash)
    {
        while (!query.IsEmpty)
        {
            var end = query.IndexOf((byte)'&');
            var parameter = end < 0 ? query : query[..end];
            query = end < 0 ? [] : query[(end + 1)..];
            var equals = parameter.IndexOf((byte)'=');
            if (Means(equals < 0 ? parameter : parameter[..equals], name))
            {
                hash = HashOf(equals < 0 ? [] : parameter[(equals + 1)..]);
                return true;
            }
        }

        hash = 0;
        return false;
    }

    /// <summary>Hashes the first <see cref="MaxHashed"/> bytes.</summary>
    private static ulong HashOf(ReadOnlySpan<byte> encoded)
    {
        Span<byte> plain = stackalloc byte[MaxHashed];
        var length = 0;
        while (!encoded.IsEmpty && length < plain.Length)
        {
            plain[length++] = First(encoded, out var width);
            encoded = encoded[width..];
        }

        return HashKey.Of(plain[..length]);
    }

    /// <summary>Whether the encoded text decodes to the plain one.</summary>
    private static bool Means(ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> plain)
    {
        foreach (var octet in plain)
        {
            if (encoded.IsEmpty)
            {
                return false;
            }

            if (First(encoded, out var width) != octet)
            {
                return false;
            }

            encoded = encoded[width..];
        }

        return encoded.IsEmpty;
    }

    /// <summary>The first octet of encoded text.</summary>
    /// <param name="width">The number of bytes that encode it.</param>
    private static byte First(ReadOnlySpan<byte> encoded, out int width)
    {
        width = encoded[0] == '%' && encoded.Length >= 3 && char.IsAsciiHexDigit((char)encoded[1]) && char.IsAsciiHexDigit((char)encoded[2]) ? 3 : 1;
        return width == 3 ? (byte)((Hex(encoded[1]) << 4) | Hex(encoded[2])) : encoded[0] == '+' ? (byte)' ' : encoded[0];
    }

    private static int Hex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
