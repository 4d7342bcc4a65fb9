namespace Gateway.Http.Http2;

/// <summary>
/// Decodes header blocks (RFC 7541). A connection uses one decoder for all its blocks, in order of arrival: each may refer to fields of earlier ones.
/// Allocates only the table, once.
/// </summary>
/// <param name="maxTableSize">The SETTINGS_HEADER_TABLE_SIZE sent to the peer.</param>
public sealed class HpackDecoder(int maxTableSize = 4096)
{
    private readonly DynamicTable _table = new(maxTableSize);

    /// <summary>Decodes a whole block: HEADERS and its CONTINUATION frames, without padding and priority.</summary>
    /// <param name="into">The block to which fields are added.</param>
    /// <returns><see cref="Http2Error.CompressionError"/> if the connection must be closed (RFC 9113 4.3).</returns>
    public Http2Error Decode(ReadOnlySpan<byte> block, HeaderBlock into)
    {
        var at = 0;
        while (at < block.Length && (block[at] & 0xe0) == 0x20)
        {
            if (HpackInteger.Read(block, ref at, 0x1f) is var limit && (limit < 0 || !_table.TryResize(limit)))
            {
                return Http2Error.CompressionError;
            }
        }

        while (at < block.Length)
        {
            var isDecoded = block[at] switch
            {
                >= 0x80 => TryIndexed(block, ref at, into),
                >= 0x40 => TryLiteral(block, ref at, 0x3f, isIndexed: true, isSensitive: false, into),
                >= 0x20 => false, // A size update after the first field (RFC 7541 4.2).
                >= 0x10 => TryLiteral(block, ref at, 0xf, isIndexed: false, isSensitive: true, into),
                _ => TryLiteral(block, ref at, 0xf, isIndexed: false, isSensitive: false, into),
            };
            if (!isDecoded)
            {
                return Http2Error.CompressionError;
            }
        }

        return Http2Error.NoError;
    }

    private bool TryIndexed(ReadOnlySpan<byte> block, ref int at, HeaderBlock into)
    {
        var index = HpackInteger.Read(block, ref at, 0x7f);
        if (!Exists(index))
        {
            return false;
        }

        var (name, value) = LengthsOf(index);
        if (name + value <= into.Remaining)
        {
            Copy(index, into.Room(name + value)[..(name + value)]);
        }

        into.Add(name, value, isSensitive: false);
        return true;
    }

    private bool TryLiteral(ReadOnlySpan<byte> block, ref int at, int prefix, bool isIndexed, bool isSensitive, HeaderBlock into)
    {
        // Text that neither the block nor the table keeps is checked, counted and dropped.
        var room = Math.Max(into.Remaining, isIndexed ? _table.Limit : 0);
        var index = HpackInteger.Read(block, ref at, prefix);
        int name;
        if (index == 0)
        {
            name = ReadString(block, ref at, into, 0, room);
        }
        else if (Exists(index))
        {
            name = LengthsOf(index).NameLength;
            var copied = Math.Min(name, room);
            Copy(index, into.Room(copied)[..copied]);
        }
        else
        {
            return false;
        }

        if (name < 0 || ReadString(block, ref at, into, Math.Min(name, room), room) is var value && value < 0)
        {
            return false;
        }

        if (isIndexed)
        {
            _table.Add(into.Room(0), name, value);
        }

        into.Add(name, value, isSensitive);
        return true;
    }

    /// <summary>Reads a string into the block's free space at a position, as far as it fits.</summary>
    /// <returns>The length of the string; -1 if it is invalid.</returns>
    private static int ReadString(ReadOnlySpan<byte> block, ref int at, HeaderBlock into, int start, int room)
    {
        var isHuffman = at < block.Length && block[at] >= 0x80;
        var length = HpackInteger.Read(block, ref at, 0x7f);
        if (length < 0 || length > block.Length - at)
        {
            return -1;
        }

        var from = block.Slice(at, length);
        at += length;
        var max = (int)Math.Min(room - start, isHuffman ? length * 8L / 5 : length);
        var to = into.Room(start + max).Slice(start, max);
        if (isHuffman)
        {
            return Huffman.Decode(from, to);
        }

        from[..max].CopyTo(to);
        return length;
    }

    private bool Exists(int index) => index > 0 && index <= StaticTable.Count + _table.Count;

    private (int NameLength, int ValueLength) LengthsOf(int index) => index <= StaticTable.Count
        ? (StaticTable.NameOf(index).Length, StaticTable.ValueOf(index).Length)
        : _table.LengthsOf(index - StaticTable.Count - 1);

    /// <summary>Copies the name and the value after it, as far as they fit.</summary>
    private void Copy(int index, Span<byte> to)
    {
        if (index > StaticTable.Count)
        {
            _table.Copy(index - StaticTable.Count - 1, to);
            return;
        }

        var name = StaticTable.NameOf(index);
        name[..Math.Min(name.Length, to.Length)].CopyTo(to);
        if (to.Length > name.Length)
        {
            StaticTable.ValueOf(index)[..(to.Length - name.Length)].CopyTo(to[name.Length..]);
        }
    }
}
