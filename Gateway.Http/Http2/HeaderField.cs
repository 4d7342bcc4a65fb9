namespace Gateway.Http.Http2;

/// <summary>One field of a <see cref="HeaderBlock"/>, by its position in the block's text. The value follows the name.</summary>
/// <param name="Start">The start of the name.</param>
/// <param name="IsSensitive">
/// Whether the sender forbade indexing: it may be passed on only as a literal that is never indexed (RFC 7541 7.1.3).
/// </param>
public readonly record struct HeaderField(int Start, int NameLength, int ValueLength, PseudoField Pseudo, bool IsSensitive)
{
    public ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> text) => text.Slice(Start, NameLength);

    public ReadOnlySpan<byte> ValueIn(ReadOnlySpan<byte> text) => text.Slice(Start + NameLength, ValueLength);
}
