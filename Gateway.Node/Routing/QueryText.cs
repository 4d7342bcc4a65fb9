namespace Gateway.Node.Routing;

/// <summary>The query of a target, parameter by parameter, compared decoded: <c>%76=1</c> is <c>v=1</c>, and a plus sign is a space.</summary>
internal static class QueryText
{
    /// <summary>Whether there is a parameter of this name, and, where one is wanted, of this value.</summary>
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

    /// <summary>Whether the encoded text means the plain one.</summary>
    private static bool Means(ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> plain)
    {
        foreach (var octet in plain)
        {
            if (encoded.IsEmpty)
            {
                return false;
            }

            var width = encoded[0] == '%' && encoded.Length >= 3 && char.IsAsciiHexDigit((char)encoded[1]) && char.IsAsciiHexDigit((char)encoded[2]) ? 3 : 1;
            var meant = width == 3 ? (byte)((Hex(encoded[1]) << 4) | Hex(encoded[2])) : encoded[0] == '+' ? (byte)' ' : encoded[0];
            if (meant != octet)
            {
                return false;
            }

            encoded = encoded[width..];
        }

        return encoded.IsEmpty;
    }

    private static int Hex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
