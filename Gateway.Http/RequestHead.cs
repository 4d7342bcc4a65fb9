using System.Text;

namespace Gateway.Http;

/// <summary>
/// The head of a request, kept as positions in the parsed bytes, which must be kept while it is used.
/// Reusable for further requests.
/// </summary>
public sealed class RequestHead(HttpLimits limits)
{
    /// <summary>The maximum length of a method, in bytes.</summary>
    private const int MaxMethod = 32;

    private const int VersionLength = 8;

    public FieldSection Fields { get; } = new(limits.MaxFields, mayRepeatLength: false);

    /// <summary>The method; no string is allocated for the standard ones.</summary>
    public string Method { get; private set; } = "";

    /// <summary>The start of the target.</summary>
    public int TargetStart { get; private set; }

    /// <summary>The length of the target, in bytes.</summary>
    public int TargetLength { get; private set; }

    /// <summary>The start of the first field line.</summary>
    public int FieldsStart { get; private set; }

    public bool IsHttp11 { get; private set; }

    /// <summary>The length of the complete head in bytes, the empty line included.</summary>
    public int Length { get; private set; }

    /// <summary>The fault, if any.</summary>
    public HttpFault Fault { get; private set; }

    /// <summary>Whether another request may follow on the connection.</summary>
    public bool IsPersistent => !Fields.Connection.Close && (IsHttp11 || Fields.Connection.KeepAlive);

    /// <summary>A reader for its body.</summary>
    public BodyReader Body => Fields.IsChunked ? BodyReader.Chunked(limits) : BodyReader.OfLength(Math.Max(0, Fields.ContentLength));

    public bool ExpectsContinue(ReadOnlySpan<byte> head) =>
        IsHttp11 && Fields.IndexOf(FieldName.Expect) is >= 0 and var i && Ascii.EqualsIgnoreCase(Fields.All[i].ValueIn(head), "100-continue"u8);

    /// <summary>Whether it asks for a WebSocket: the only upgrade that a proxy passes on.</summary>
    public bool IsWebSocket(ReadOnlySpan<byte> head) =>
        IsHttp11 && Fields.Connection.Upgrade && Method == "GET" &&
        Fields.IndexOf(FieldName.Upgrade) is >= 0 and var i && Ascii.EqualsIgnoreCase(Fields.All[i].ValueIn(head), "websocket"u8);

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
            Fault = Judge(window);
        }

        if (Fault == HttpFault.None && Length == 0 && bytes.Length >= limits.MaxHead)
        {
            Fault = fieldsStart == 0 ? HttpFault.TargetTooLong : HttpFault.HeadTooLarge;
        }

        return Fault != HttpFault.None ? HeadState.Faulty : Length > 0 ? HeadState.Complete : HeadState.Incomplete;
    }

    /// <summary>Parses the request line. <paramref name="next"/> is 0 until it is complete.</summary>
    private HttpFault ParseLine(ReadOnlySpan<byte> bytes, out int next)
    {
        next = 0;
        var at = bytes is [(byte)'\r', (byte)'\n', ..] ? 2 : 0; // One empty line before a request is ignored (RFC 9112 2.2).
        if (bytes.Length == at || (at == 0 && bytes is [(byte)'\r']))
        {
            return HttpFault.None;
        }

        var method = bytes[at..];
        var methodLength = Octets.TokenLength(method);
        if (methodLength == method.Length)
        {
            return methodLength > MaxMethod ? HttpFault.BadRequestLine : HttpFault.None;
        }

        if (method[methodLength] != ' ' || methodLength is 0 or > MaxMethod)
        {
            return HttpFault.BadRequestLine;
        }

        TargetStart = at + methodLength + 1;
        var target = bytes[TargetStart..];
        var targetLength = target.IndexOfAny(Octets.TargetEnd);
        if ((targetLength < 0 ? target.Length : targetLength) + TargetStart + 1 + VersionLength > limits.MaxRequestLine)
        {
            return HttpFault.TargetTooLong;
        }

        if (targetLength < 0)
        {
            return HttpFault.None;
        }

        if (targetLength == 0 || target[targetLength] != ' ')
        {
            return HttpFault.BadRequestLine;
        }

        TargetLength = targetLength;
        return ParseVersion(bytes, TargetStart + targetLength + 1, method[..methodLength], out next);
    }

    private HttpFault ParseVersion(ReadOnlySpan<byte> bytes, int at, ReadOnlySpan<byte> method, out int next)
    {
        next = 0;
        var rest = bytes[at..];
        if (rest.Length < VersionLength + 2)
        {
            return rest.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var early && early < VersionLength ? HttpFault.BadRequestLine : HttpFault.None;
        }

        if (!Ascii.EqualsIgnoreCase(rest[..5], "HTTP/"u8) || rest[6] != '.' || rest[5] is < (byte)'0' or > (byte)'9' || rest[7] is < (byte)'0' or > (byte)'9' ||
            rest[VersionLength] != '\r' || rest[VersionLength + 1] != '\n')
        {
            return HttpFault.BadRequestLine;
        }

        if (rest[5] != '1' || rest[7] > '1' || !rest.StartsWith("HTTP/"u8))
        {
            return HttpFault.BadVersion;
        }

        IsHttp11 = rest[7] == '1';
        Method = HttpMethod.Of(method);
        next = at + VersionLength + 2;
        return HttpFault.None;
    }

    /// <summary>Checks that involve several lines.</summary>
    private HttpFault Judge(ReadOnlySpan<byte> head)
    {
        if (Fields.IsChunked && !IsHttp11)
        {
            return HttpFault.CodingInHttp10;
        }

        return Fields.Hosts switch
        {
            0 => IsHttp11 ? HttpFault.BadHost : HttpFault.None,
            1 => HostText.IsValid(Fields.All[Fields.Host].ValueIn(head)) ? HttpFault.None : HttpFault.BadHost,
            _ => HttpFault.BadHost,
        };
    }
}
