namespace Gateway.Upstream.Http1;

/// <summary>One field as offsets into the head or trailer section it was read from; the value without the white space around it.</summary>
/// <param name="EndToEnd">Whether it goes on to the client: neither of this connection only, nor misplaced in a trailer section.</param>
internal readonly record struct HeadField(
    int NameStart, int NameLength, int ValueStart, int ValueLength, KnownField Known, bool EndToEnd)
{
    /// <param name="section">The bytes that were parsed, from the same start.</param>
    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> section) => section.Slice(NameStart, NameLength);

    /// <inheritdoc cref="Name"/>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> section) => section.Slice(ValueStart, ValueLength);
}
