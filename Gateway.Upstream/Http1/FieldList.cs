namespace Gateway.Upstream.Http1;

/// <summary>The fields of one section, in their order. Belongs to a connection, grows to what its answers need, and is used again.</summary>
/// <param name="limit">The most it takes.</param>
internal sealed class FieldList(int limit)
{
    private HeadField[] _fields = new HeadField[Math.Min(limit, 16)];

    public int Count { get; private set; }

    public ReadOnlySpan<HeadField> All => _fields.AsSpan(0, Count);

    public HeadField this[int index] => All[index];

    /// <summary>The first field of a known name.</summary>
    public bool TryFind(KnownField known, out HeadField found)
    {
        foreach (ref readonly var field in All)
        {
            if (field.Known == known)
            {
                found = field;
                return true;
            }
        }

        found = default;
        return false;
    }

    /// <summary>False, and nothing changed, when the list is full.</summary>
    public bool TryAdd(in HeadField field)
    {
        if (Count == _fields.Length)
        {
            if (Count == limit)
            {
                return false;
            }

            Array.Resize(ref _fields, Math.Min(limit, 2 * Count));
        }

        _fields[Count++] = field;
        return true;
    }

    /// <summary>Keeps from the client every field of this name: the endpoint's Connection field names it.</summary>
    public void Withhold(ReadOnlySpan<byte> section, ReadOnlySpan<byte> name)
    {
        foreach (ref var field in _fields.AsSpan(0, Count))
        {
            if (field.NameLength == name.Length && System.Text.Ascii.EqualsIgnoreCase(field.Name(section), name))
            {
                field = field with { EndToEnd = false };
            }
        }
    }

    public void Clear() => Count = 0;
}
