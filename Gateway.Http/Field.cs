namespace Gateway.Http;

/// <summary>One field line, by its position in the bytes of the head.</summary>
/// <param name="Start">The start of the line and of the name.</param>
/// <param name="NameLength">The length of the name, in bytes.</param>
/// <param name="ValueStart">The start of the value, after white space.</param>
/// <param name="ValueLength">The length of the value, without surrounding white space.</param>
/// <param name="End">The start of the next line.</param>
/// <param name="Name">The known name.</param>
public record struct Field(int Start, int NameLength, int ValueStart, int ValueLength, int End, FieldName Name)
{
    /// <summary>Whether it belongs to this connection alone and is not passed on.</summary>
    public bool IsDropped { get; set; }

    public readonly ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> head) => head.Slice(Start, NameLength);

    public readonly ReadOnlySpan<byte> ValueIn(ReadOnlySpan<byte> head) => head.Slice(ValueStart, ValueLength);
}
