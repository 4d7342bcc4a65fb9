namespace Gateway.Http.Http2;

/// <summary>
/// Writes header fields without a dynamic table: from the static table if possible, otherwise as literals without indexing and without Huffman
/// coding. It has no state and is independent of the peer's table size.
/// </summary>
public static class HpackEncoder
{
    private const byte Indexed = 0x80;
    private const byte NeverIndexed = 0x10;
    private const byte NotIndexed = 0x00;
    private const int StatusName = 8;

    /// <summary>Writes the :status field.</summary>
    /// <param name="status">100 to 999.</param>
    /// <returns>The number of bytes written; -1 if there is no room.</returns>
    public static int Status(int status, Span<byte> to)
    {
        var indexed = status switch
        {
            200 => 8,
            204 => 9,
            206 => 10,
            304 => 11,
            400 => 12,
            404 => 13,
            500 => 14,
            _ => 0,
        };
        if (indexed != 0)
        {
            return WriteIndexed(indexed, to);
        }

        if (to.Length < 5)
        {
            return -1;
        }

        (to[0], to[1]) = (NotIndexed | StatusName, 3);
        (to[2], to[3], to[4]) = ((byte)('0' + status / 100), (byte)('0' + status / 10 % 10), (byte)('0' + status % 10));
        return 5;
    }

    /// <summary>Writes a field. The name is lower-cased; credentials and cookies are never indexed (RFC 7541 7.1.3).</summary>
    /// <param name="name">In any case.</param>
    /// <returns>The number of bytes written; -1 if there is no room.</returns>
    public static int Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, Span<byte> to)
    {
        var index = StaticTable.IndexOf(name);
        if (index != 0 && StaticTable.IndexOf(index, value) is var whole and not 0)
        {
            return WriteIndexed(whole, to);
        }

        var at = 0;
        if (!HpackInteger.TryWrite(to, ref at, IsSecret(index) ? NeverIndexed : NotIndexed, 0xf, index) || index == 0 && !TryWriteName(name, to, ref at))
        {
            return -1;
        }

        return TryWriteLength(value.Length, to, ref at) && value.TryCopyTo(to[at..]) ? at + value.Length : -1;
    }

    /// <summary>authorization, cookie, proxy-authorization, set-cookie.</summary>
    private static bool IsSecret(int index) => index is 23 or 32 or 49 or 55;

    private static int WriteIndexed(int index, Span<byte> to)
    {
        if (to.IsEmpty)
        {
            return -1;
        }

        to[0] = (byte)(Indexed | index);
        return 1;
    }

    private static bool TryWriteLength(int length, Span<byte> to, ref int at) => HpackInteger.TryWrite(to, ref at, 0, 0x7f, length);

    private static bool TryWriteName(ReadOnlySpan<byte> name, Span<byte> to, ref int at)
    {
        if (!TryWriteLength(name.Length, to, ref at) || name.Length > to.Length - at)
        {
            return false;
        }

        for (var i = 0; i < name.Length; i++)
        {
            var octet = name[i];
            to[at + i] = octet is >= (byte)'A' and <= (byte)'Z' ? (byte)(octet | 0x20) : octet;
        }

        at += name.Length;
        return true;
    }
}
