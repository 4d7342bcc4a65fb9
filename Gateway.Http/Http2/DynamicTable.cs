namespace Gateway.Http.Http2;

/// <summary>
/// The dynamic table of an HPACK decoder (RFC 7541 2.3.2): entries in order of arrival, the oldest evicted first. Their text is kept in a ring
/// buffer, allocated with the first entry: a peer that indexes nothing costs no memory.
/// </summary>
/// <param name="max">The maximum size of the table, and its initial size.</param>
internal sealed class DynamicTable(int max)
{
    private readonly int _maxSize = max;
    private byte[] _text = [];
    private Entry[] _entries = [];
    private int _textEnd;
    private int _next;

    private readonly record struct Entry(int Start, int NameLength, int ValueLength)
    {
        public int Length => NameLength + ValueLength;
    }

    public int Count { get; private set; }

    /// <summary>The size of the table: names, values and 32 bytes per entry (RFC 7541 4.1).</summary>
    public int Size { get; private set; }

    /// <summary>The current limit of the size.</summary>
    public int Limit { get; private set; } = max;

    /// <summary>Sets the limit chosen by the sender; false if it is above the maximum.</summary>
    public bool TryResize(int limit)
    {
        if (limit > _maxSize)
        {
            return false;
        }

        Limit = limit;
        Evict(0);
        return true;
    }

    /// <summary>
    /// Adds an entry and evicts as many as necessary. An entry larger than the table empties it, which is not an error (RFC 7541 4.4).
    /// </summary>
    /// <param name="text">Begins with the name and the value; not read if the entry is larger than the table.</param>
    public void Add(ReadOnlySpan<byte> text, int nameLength, int valueLength)
    {
        var size = (long)nameLength + valueLength + HeaderBlock.FieldOverhead;
        if (size > Limit)
        {
            Evict(Limit);
            return;
        }

        Evict((int)size);
        if (_entries.Length == 0)
        {
            _text = new byte[_maxSize];
            _entries = new Entry[_maxSize / HeaderBlock.FieldOverhead];
        }

        var entry = new Entry(_textEnd, nameLength, valueLength);
        text = text[..entry.Length];
        var first = Math.Min(text.Length, _text.Length - _textEnd);
        text[..first].CopyTo(_text.AsSpan(_textEnd));
        text[first..].CopyTo(_text);
        _textEnd = Wrapped(_textEnd + text.Length, _text.Length);
        _entries[_next] = entry;
        _next = Wrapped(_next + 1, _entries.Length);
        Count++;
        Size += (int)size;
    }

    /// <param name="index">0 is the newest entry; below <see cref="Count"/>.</param>
    public (int NameLength, int ValueLength) LengthsOf(int index)
    {
        var entry = At(index);
        return (entry.NameLength, entry.ValueLength);
    }

    /// <summary>Copies the name and the value after it, as far as they fit.</summary>
    public void Copy(int index, Span<byte> to)
    {
        var start = At(index).Start;
        var first = Math.Min(to.Length, _text.Length - start);
        _text.AsSpan(start, first).CopyTo(to);
        _text.AsSpan(0, to.Length - first).CopyTo(to[first..]);
    }

    private Entry At(int index) => _entries[Wrapped(_next - 1 - index + _entries.Length, _entries.Length)];

    private static int Wrapped(int at, int length) => at < length ? at : at - length;

    /// <summary>Evicts entries until the size leaves this much room.</summary>
    private void Evict(int room)
    {
        while (Size > Limit - room)
        {
            Size -= At(Count - 1).Length + HeaderBlock.FieldOverhead;
            Count--;
        }
    }
}
