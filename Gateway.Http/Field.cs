namespace Gateway.Http;

/// <summary>One field line, by its place in the bytes of the head.</summary>
/// <param name="Start">Where the line begins, with the name.</param>
/// <param name="NameLength">Bytes of the name.</param>
/// <param name="ValueStart">Where the value begins, white space trimmed.</param>
/// <param name="ValueLength">Bytes of the value, white space trimmed.</param>
/// <param name="End">Where the next line begins.</param>
/// <param name="Name">Which one it is.</param>
public record struct Field(int Start, int NameLength, int ValueStart, int ValueLength, int End, FieldName Name)
{
    /// <summary>Whether it is for this connection alone and not passed on.</summary>
    public bool IsDropped { get; set; }

    public readonly ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> head) => head.Slice(Start, NameLength);

    public readonly ReadOnlySpan<byte> ValueIn(ReadOnlySpan<byte> head) => head.Slice(ValueStart, ValueLength);
}
