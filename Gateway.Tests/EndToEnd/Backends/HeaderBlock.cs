using System.Text;

namespace Gateway.Tests.EndToEnd.Backends;

/// <summary>Reads the fields of a header block (RFC 7541) as written by .NET's client: no Huffman code, no dynamic table.</summary>
internal static class HeaderBlock
{
    private static readonly Dictionary<int, (string Name, string Value)> Static = new()
    {
        [1] = (":authority", ""),
        [2] = (":method", "GET"),
        [3] = (":method", "POST"),
        [4] = (":path", "/"),
        [6] = (":scheme", "http"),
        [7] = (":scheme", "https"),
        [28] = ("content-length", ""),
        [31] = ("content-type", ""),
        [58] = ("user-agent", ""),
        [60] = ("via", ""),
    };

    public static IReadOnlyList<(string Name, string Value)> Read(ReadOnlySpan<byte> block)
    {
        var fields = new List<(string, string)>();
        while (block.Length > 0)
        {
            var first = block[0];
            if ((first & 0x80) != 0)
            {
                fields.Add(Known(Number(ref block, 7)));
                continue;
            }

            if ((first & 0x40) != 0 || (first & 0x20) != 0)
            {
                throw new NotSupportedException("a field that is indexed dynamically");
            }

            var index = Number(ref block, 4);
            var name = index == 0 ? Text(ref block) : Known(index).Name;
            fields.Add((name.ToLowerInvariant(), Text(ref block)));
        }

        return fields;
    }

    private static (string Name, string Value) Known(int index) => Static.TryGetValue(index, out var field) ? field : ($"static-{index}", "");

    private static string Text(ref ReadOnlySpan<byte> block)
    {
        if ((block[0] & 0x80) != 0)
        {
            throw new NotSupportedException("Huffman code");
        }

        var length = Number(ref block, 7);
        var text = Encoding.Latin1.GetString(block[..length]);
        block = block[length..];
        return text;
    }

    private static int Number(ref ReadOnlySpan<byte> block, int prefix)
    {
        var most = (1 << prefix) - 1;
        var value = block[0] & most;
        block = block[1..];
        for (var shift = 0; value >= most; shift += 7)
        {
            var next = block[0];
            block = block[1..];
            value += (next & 0x7f) << shift;
            if ((next & 0x80) == 0)
            {
                break;
            }
        }

        return value;
    }
}
