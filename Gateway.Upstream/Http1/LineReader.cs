namespace Gateway.Upstream.Http1;

/// <summary>
/// Finds the lines of a section that arrives in pieces. Every byte is looked at once: one search finds the end of the line and any byte
/// that no line may contain, and goes on where it stopped when more has come.
/// </summary>
internal struct LineReader
{
    private int _scanned;

    /// <summary>Where the line begins that is looked for; after the last line, the length of the section.</summary>
    public int Start { get; private set; }

    /// <summary>The next line, without its end. False: it is not complete yet, or <paramref name="fault"/> says that it never will be.</summary>
    /// <param name="section">The section from its start, as far as it has come; never less than the last time.</param>
    public bool TryNext(ReadOnlySpan<byte> section, out (int Start, int End) line, out CodecFault fault)
    {
        line = default;
        fault = CodecFault.None;
        var found = section[_scanned..].IndexOfAny(Octets.Controls);
        if (found < 0)
        {
            _scanned = section.Length;
            return false;
        }

        var end = _scanned + found;
        if (section[end] != Octets.CarriageReturn)
        {
            fault = section[end] switch
            {
                Octets.LineFeed => CodecFault.BareLineFeed,
                0 => CodecFault.Nul,
                _ => CodecFault.ControlByte,
            };
            return false;
        }

        _scanned = end;
        if (end + 1 == section.Length)
        {
            return false;
        }

        if (section[end + 1] != Octets.LineFeed)
        {
            fault = CodecFault.BareCarriageReturn;
            return false;
        }

        line = (Start, end);
        Start = _scanned = end + 2;
        return true;
    }
}
