namespace Gateway.Upstream.Http1;

/// <summary>
/// <c>HTTP/1.1 200 OK</c>. RFC 9112 4 wants a space after the status even when no reason follows; a line that ends with the status is
/// taken all the same, since it can be read in one way only and some servers send it. HTTP/1.2 to 1.9 is read as 1.1 (RFC 9110 2.5).
/// </summary>
internal static class StatusLine
{
    private const int StatusAt = 9;
    private const int StatusEnd = 12;

    private static ReadOnlySpan<byte> Version => "HTTP/1."u8;

    /// <summary>Whether the first bytes, however few, can still become a status line: another protocol is not waited for.</summary>
    public static bool CanBegin(ReadOnlySpan<byte> input) =>
        input.Length < Version.Length ? Version.StartsWith(input) : input.StartsWith(Version);

    /// <param name="line">The line without its end, of which <see cref="CanBegin"/> holds.</param>
    public static CodecFault Parse(ReadOnlySpan<byte> line, ResponseHead head)
    {
        if (line.Length <= Version.Length || !char.IsAsciiDigit((char)line[Version.Length]))
        {
            return CodecFault.BadVersion;
        }

        if (line.Length < StatusEnd || line[StatusAt - 1] != Octets.Space || (line.Length > StatusEnd && line[StatusEnd] != Octets.Space))
        {
            return CodecFault.BadStatusLine;
        }

        var status = 0;
        foreach (var digit in line[StatusAt..StatusEnd])
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return CodecFault.BadStatusLine;
            }

            status = (10 * status) + (digit - '0');
        }

        if (status < 100)
        {
            return CodecFault.BadStatusLine;
        }

        var reason = Math.Min(StatusEnd + 1, line.Length);
        head.Begin(status, line[Version.Length] != '0', reason, line.Length - reason);
        return CodecFault.None;
    }
}
