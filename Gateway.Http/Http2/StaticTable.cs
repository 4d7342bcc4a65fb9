using System.Text;

namespace Gateway.Http.Http2;

/// <summary>The static table of HPACK (RFC 7541 appendix A).</summary>
internal static class StaticTable
{
    public const int Count = 61;

    private static readonly byte[][] Names;
    private static readonly byte[][] Values;

    /// <summary>The lowest index of each name by <see cref="Hash"/>, with linear probing; 0 for a free slot.</summary>
    private static readonly byte[] Slots = new byte[256];

    static StaticTable()
    {
        var entries = Entries();
        Names = [.. entries.Select(entry => Encoding.ASCII.GetBytes(entry.Name))];
        Values = [.. entries.Select(entry => Encoding.ASCII.GetBytes(entry.Value))];
        for (var index = 1; index <= Count; index++)
        {
            if (IndexOf(NameOf(index)) == 0)
            {
                var slot = Hash(NameOf(index));
                while (Slots[slot] != 0)
                {
                    slot = (slot + 1) & 255;
                }

                Slots[slot] = (byte)index;
            }
        }
    }

    /// <param name="index">1 to <see cref="Count"/>.</param>
    public static ReadOnlySpan<byte> NameOf(int index) => Names[index - 1];

    /// <param name="index">1 to <see cref="Count"/>.</param>
    public static ReadOnlySpan<byte> ValueOf(int index) => Values[index - 1];

    /// <summary>Returns the lowest index of a name, ignoring case; 0 if it is not in the table.</summary>
    public static int IndexOf(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return 0;
        }

        for (var slot = Hash(name); Slots[slot] != 0; slot = (slot + 1) & 255)
        {
            if (Ascii.EqualsIgnoreCase(Names[Slots[slot] - 1], name))
            {
                return Slots[slot];
            }
        }

        return 0;
    }

    /// <summary>Returns the index of the entry with this value among those with the name at an index; 0 if there is none.</summary>
    public static int IndexOf(int name, ReadOnlySpan<byte> value)
    {
        // Entries with the same name are adjacent, and only the first of them may have no value.
        for (var index = name; index <= LastValue && Values[index - 1].Length > 0 && (index == name || Names[index - 1].AsSpan().SequenceEqual(Names[name - 1])); index++)
        {
            if (value.SequenceEqual(Values[index - 1]))
            {
                return index;
            }
        }

        return 0;
    }

    /// <summary>accept-encoding is the last entry with a value.</summary>
    private const int LastValue = 16;

    private static int Hash(ReadOnlySpan<byte> name) =>
        (name.Length * 37 + (name[0] | 0x20) * 5 + (name[^1] | 0x20) * 11 + (name[name.Length / 2] | 0x20) * 3) & 255;

    private static (string Name, string Value)[] Entries() =>
    [
        (":authority", ""),
        (":method", "GET"),
        (":method", "POST"),
        (":path", "/"),
        (":path", "/index.html"),
        (":scheme", "http"),
        (":scheme", "https"),
        (":status", "200"),
        (":status", "204"),
        (":status", "206"),
        (":status", "304"),
        (":status", "400"),
        (":status", "404"),
        (":status", "500"),
        ("accept-charset", ""),
        ("accept-encoding", "gzip, deflate"),
        ("accept-language", ""),
        ("accept-ranges", ""),
        ("accept", ""),
        ("access-control-allow-origin", ""),
        ("age", ""),
        ("allow", ""),
        ("authorization", ""),
        ("cache-control", ""),
        ("content-disposition", ""),
        ("content-encoding", ""),
        ("content-language", ""),
        ("content-length", ""),
        ("content-location", ""),
        ("content-range", ""),
        ("content-type", ""),
        ("cookie", ""),
        ("date", ""),
        ("etag", ""),
        ("expect", ""),
        ("expires", ""),
        ("from", ""),
        ("host", ""),
        ("if-match", ""),
        ("if-modified-since", ""),
        ("if-none-match", ""),
        ("if-range", ""),
        ("if-unmodified-since", ""),
        ("last-modified", ""),
        ("link", ""),
        ("location", ""),
        ("max-forwards", ""),
        ("proxy-authenticate", ""),
        ("proxy-authorization", ""),
        ("range", ""),
        ("referer", ""),
        ("refresh", ""),
        ("retry-after", ""),
        ("server", ""),
        ("set-cookie", ""),
        ("strict-transport-security", ""),
        ("transfer-encoding", ""),
        ("user-agent", ""),
        ("vary", ""),
        ("via", ""),
        ("www-authenticate", ""),
    ];
}
