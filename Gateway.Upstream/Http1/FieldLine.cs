namespace Gateway.Upstream.Http1;

/// <summary>One <c>name: value</c> line, by the strict reading of RFC 9112 5.</summary>
internal static class FieldLine
{
    /// <param name="section">The section the line is in; the field's offsets count from its start.</param>
    /// <param name="line">The line without its end; not empty, and free of control bytes.</param>
    public static CodecFault Parse(ReadOnlySpan<byte> section, (int Start, int End) line, out HeadField field)
    {
        field = default;
        var bytes = section[line.Start..line.End];
        var colon = bytes.IndexOfAnyExcept(Octets.Token);
        if (colon < 0)
        {
            return CodecFault.MissingColon;
        }

        if (bytes[colon] != ':' || colon == 0)
        {
            return !Octets.IsBlank(bytes[colon]) ? CodecFault.BadFieldName
                : colon == 0 ? CodecFault.FoldedLine
                : CodecFault.SpaceBeforeColon;
        }

        var (start, end) = (line.Start + colon + 1, line.End);
        while (start < end && Octets.IsBlank(section[start]))
        {
            start++;
        }

        while (end > start && Octets.IsBlank(section[end - 1]))
        {
            end--;
        }

        var known = KnownFields.Of(bytes[..colon]);
        field = new(line.Start, colon, start, end - start, known, known is KnownField.None or > KnownField.LastHopByHop);
        return CodecFault.None;
    }
}
