using System.Text;

namespace Gateway.Tests.Http.Http2;

/// <summary>The ways in which an encoder may write a field.</summary>
public enum Representation
{
    /// <summary>As an index if the whole field is in a table, otherwise as a literal with indexing.</summary>
    Indexed,
    NotIndexed,
    NeverIndexed,
}

/// <summary>An encoder that follows RFC 7541 in the simplest way, with a list for a table: the counterpart in properties.</summary>
internal sealed class NaiveHpackEncoder(int tableSize = 4096)
{
    private readonly List<(string Name, string Value)> _table = [];
    private readonly List<byte> _block = [];
    private int _limit = tableSize;

    /// <summary>The output since the last call.</summary>
    public byte[] TakeBlock()
    {
        byte[] block = [.. _block];
        _block.Clear();
        return block;
    }

    public void Resize(int limit)
    {
        _limit = limit;
        Integer(0x20, 5, limit);
        Evict();
    }

    /// <param name="isByName">Whether the name is written as an index if possible.</param>
    public void Field(string name, string value, Representation how, bool isHuffman, bool isByName = true)
    {
        var index = 0;
        var nameIndex = 0;
        for (var i = 61 + _table.Count; i >= 1; i--)
        {
            var entry = At(i);
            index = entry == (name, value) ? i : index;
            nameIndex = entry.Name == name ? i : nameIndex;
        }

        if (how == Representation.Indexed && index != 0)
        {
            Integer(0x80, 7, index);
            return;
        }

        var (first, bits) = how switch
        {
            Representation.Indexed => (0x40, 6),
            Representation.NotIndexed => (0, 4),
            _ => (0x10, 4),
        };
        Integer(first, bits, isByName ? nameIndex : 0);
        if (!isByName || nameIndex == 0)
        {
            Text(name, isHuffman);
        }

        Text(value, isHuffman);
        if (how == Representation.Indexed)
        {
            _table.Insert(0, (name, value));
            Evict();
        }
    }

    private (string Name, string Value) At(int index) => index <= 61
        ? (Encoding.Latin1.GetString(Gateway.Http.Http2.StaticTable.NameOf(index)), Encoding.Latin1.GetString(Gateway.Http.Http2.StaticTable.ValueOf(index)))
        : _table[index - 62];

    private void Evict()
    {
        while (_table.Sum(entry => entry.Name.Length + entry.Value.Length + 32) > _limit)
        {
            _table.RemoveAt(_table.Count - 1);
        }
    }

    private void Text(string text, bool isHuffman)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        bytes = isHuffman ? HuffmanCode.Encode(bytes) : bytes;
        Integer(isHuffman ? 0x80 : 0, 7, bytes.Length);
        _block.AddRange(bytes);
    }

    private void Integer(int first, int bits, int value)
    {
        var most = (1 << bits) - 1;
        if (value < most)
        {
            _block.Add((byte)(first | value));
            return;
        }

        _block.Add((byte)(first | most));
        value -= most;
        while (value >= 128)
        {
            _block.Add((byte)(value % 128 + 128));
            value /= 128;
        }

        _block.Add((byte)value);
    }
}
