namespace Gateway.Http.Http2;

/// <summary>
/// The fields of one decoded header block. Reusable; allocates only to grow. Names are kept as sent:
/// the receiver of the message checks for upper case and for invalid bytes.
/// </summary>
/// <param name="maxSize">The maximum size: names, values and 32 bytes per field (RFC 9113 6.5.2).</param>
/// <param name="maxFields">The maximum number of fields, pseudo fields included.</param>
public sealed class HeaderBlock(int maxSize, int maxFields)
{
    /// <summary>The overhead of each field (RFC 7541 4.1).</summary>
    public const int FieldOverhead = 32;

    private byte[] _text = new byte[Math.Min(maxSize, 1024)];
    private HeaderField[] _fields = new HeaderField[Math.Min(maxFields, 32)];
    private int _length;
    private int _count;

    /// <summary>The names and values kept.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    public ReadOnlySpan<HeaderField> Fields => _fields.AsSpan(0, _count);

    /// <summary>The size of the fields kept.</summary>
    public int Size { get; private set; }

    /// <summary>Whether the block exceeds the limits: further fields are decoded but not kept.</summary>
    public bool IsTooLarge { get; private set; }

    public void Clear() => (_length, _count, Size, IsTooLarge) = (0, 0, 0, false);

    /// <summary>The longest text, in bytes, with which the next field is kept; negative if none is.</summary>
    internal int Remaining => IsTooLarge ? -1 : maxSize - Size - FieldOverhead;

    /// <summary>Returns the free space after the text, at least this long; bytes written to it earlier are preserved.</summary>
    internal Span<byte> Room(int length)
    {
        if (_text.Length - _length < length)
        {
            Array.Resize(ref _text, Math.Max(_length + length, Math.Min(2 * _text.Length, maxSize)));
        }

        return _text.AsSpan(_length);
    }

    /// <summary>Keeps the field written to <see cref="Room"/>, if it is within the limits.</summary>
    internal void Add(int nameLength, int valueLength, bool isSensitive)
    {
        if ((long)nameLength + valueLength > Remaining || _count == maxFields)
        {
            IsTooLarge = true;
            return;
        }

        if (_count == _fields.Length)
        {
            Array.Resize(ref _fields, Math.Min(maxFields, 2 * _count));
        }

        var pseudo = PseudoOf(_text.AsSpan(_length, nameLength));
        _fields[_count++] = new(_length, nameLength, valueLength, pseudo, isSensitive);
        _length += nameLength + valueLength;
        Size += nameLength + valueLength + FieldOverhead;
    }

    private static PseudoField PseudoOf(ReadOnlySpan<byte> name) => name is not [(byte)':', ..]
        ? PseudoField.None
        : name switch
        {
            [_, (byte)'m', ..] when name.SequenceEqual(":method"u8) => PseudoField.Method,
            [_, (byte)'s', (byte)'c', ..] when name.SequenceEqual(":scheme"u8) => PseudoField.Scheme,
            [_, (byte)'a', ..] when name.SequenceEqual(":authority"u8) => PseudoField.Authority,
            [_, (byte)'p', (byte)'a', ..] when name.SequenceEqual(":path"u8) => PseudoField.Path,
            [_, (byte)'p', (byte)'r', ..] when name.SequenceEqual(":protocol"u8) => PseudoField.Protocol,
            [_, (byte)'s', (byte)'t', ..] when name.SequenceEqual(":status"u8) => PseudoField.Status,
            _ => PseudoField.Unknown,
        };
}
