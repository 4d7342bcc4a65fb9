namespace Gateway.Http;

/// <summary>The head of an answer, kept as positions in the parsed bytes. Reusable for further answers.</summary>
public sealed class ResponseHead(HttpLimits limits)
{
    private const int StatusStart = 9;

    public FieldSection Fields { get; } = new(limits.MaxFields, mayRepeatLength: true);

    public int Status { get; private set; }

    /// <summary>The start of the reason phrase, or of the space before it; it ends with the line.</summary>
    private const int ReasonStart = StatusStart + 3;

    /// <summary>The start of the first field line.</summary>
    public int FieldsStart { get; private set; }

    public bool IsHttp11 { get; private set; }

    /// <summary>The length of the complete head in bytes, the empty line included.</summary>
    public int Length { get; private set; }

    /// <summary>The fault, if any.</summary>
    public HttpFault Fault { get; private set; }

    /// <summary>Whether it is 1xx except 101, after which the connection no longer speaks HTTP.</summary>
    public bool IsInterim => Status is >= 100 and < 200 and not 101;

    /// <summary>Whether the backend may keep the connection.</summary>
    public bool IsPersistent => !Fields.Connection.Close && (IsHttp11 || Fields.Connection.KeepAlive);

    /// <summary>Returns a reader for its body (RFC 9112 6.3).</summary>
    /// <param name="toHead">Whether it answers a HEAD request.</param>
    public BodyReader BodyOf(bool toHead) =>
        toHead || Status is 204 or 304 or < 200 ? BodyReader.None
        : Fields.IsChunked ? BodyReader.Chunked(limits)
        : Fields.ContentLength >= 0 ? BodyReader.OfLength(Fields.ContentLength)
        : BodyReader.UntilClose();

    /// <summary>Parses a head from its first byte. Call it again with all bytes when more have arrived.</summary>
    public HeadState Parse(ReadOnlySpan<byte> bytes)
    {
        var window = bytes[..Math.Min(bytes.Length, limits.MaxHead)];
        Fields.Clear();
        Length = 0;
        Fault = ParseLine(window, out var fieldsStart);
        if (Fault == HttpFault.None && fieldsStart > 0)
        {
            FieldsStart = fieldsStart;
            Fault = Fields.Parse(window, fieldsStart, out var end);
            Length = end;
        }

        if (Fault == HttpFault.None && Length > 0)
        {
            Fault = Fields.IsChunked && !IsHttp11 ? HttpFault.CodingInHttp10
                : Status == 205 && Fields.ContentLength > 0 ? HttpFault.BodyNotAllowed
                : HttpFault.None;
        }

        if (Fault == HttpFault.None && Length == 0 && bytes.Length >= limits.MaxHead)
        {
            Fault = HttpFault.HeadTooLarge;
        }

        return Fault != HttpFault.None ? HeadState.Faulty : Length > 0 ? HeadState.Complete : HeadState.Incomplete;
    }

    private HttpFault ParseLine(ReadOnlySpan<byte> bytes, out int next)
    {
        next = 0;
        if (bytes.Length < StatusStart + 3)
        {
            return "HTTP/1."u8.StartsWith(bytes[..Math.Min(7, bytes.Length)]) ? HttpFault.None : HttpFault.BadVersion;
        }

        if (!bytes.StartsWith("HTTP/1."u8) || bytes[7] is not ((byte)'0' or (byte)'1'))
        {
            return HttpFault.BadVersion;
        }

        var (a, b, c) = (bytes[9] - '0', bytes[10] - '0', bytes[11] - '0');
        if (bytes[8] != ' ' || a is < 1 or > 9 || b is < 0 or > 9 || c is < 0 or > 9)
        {
            return HttpFault.BadStatusLine;
        }

        var reason = bytes[(StatusStart + 3)..];
        var end = reason.IndexOfAny(Octets.Control);
        if (end < 0 || end + 1 == reason.Length)
        {
            return end >= 0 && reason[end] != '\r' ? HttpFault.ControlByte : HttpFault.None;
        }

        if (reason[end] != '\r' || reason[end + 1] != '\n')
        {
            return HttpFault.ControlByte;
        }

        if (end > 0 && reason[0] != ' ')
        {
            return HttpFault.BadStatusLine;
        }

        (IsHttp11, Status) = (bytes[7] == '1', (100 * a) + (10 * b) + c);
        next = ReasonStart + end + 2;
        return HttpFault.None;
    }
}
