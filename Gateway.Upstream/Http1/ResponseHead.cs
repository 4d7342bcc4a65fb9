using System.Text;

namespace Gateway.Upstream.Http1;

/// <summary>
/// The head of an answer, as far as a proxy acts on it; everything else is offsets into the bytes it was parsed from. One for each
/// connection, filled by its <see cref="ResponseHeadParser"/>.
/// </summary>
internal sealed class ResponseHead(int maxFields)
{
    private int _options;

    /// <summary>Another number for each head that was read anew.</summary>
    public long Reading { get; private set; }

    /// <summary>100 to 999.</summary>
    public int Status { get; private set; }

    /// <summary>False: HTTP/1.0.</summary>
    public bool IsHttp11 { get; private set; }

    /// <summary>Where the reason phrase is; length 0 when there is none.</summary>
    public (int Start, int Length) Reason { get; private set; }

    /// <summary>
    /// All fields in their order. Content-Length is there at most once: repeated with the same value, as a field or as a list member, it
    /// counts and is passed on as that one value (RFC 9112 6.3, rule 5).
    /// </summary>
    public FieldList Fields { get; } = new(maxFields);

    /// <summary>In bytes; null when not said. What it says of HEAD and 304 is not sent.</summary>
    public long? ContentLength { get; private set; }

    public bool IsChunked { get; private set; }

    public ConnectionOptions Connection { get; private set; }

    /// <summary>How long the endpoint keeps an idle connection, where it says so (<c>Keep-Alive: timeout=5</c>); at most a day.</summary>
    public TimeSpan? KeepAliveTimeout { get; private set; }

    /// <summary>Trailer fields are announced.</summary>
    public bool HasTrailer { get; private set; }

    public bool HasUpgrade { get; private set; }

    /// <summary>Whether this is no answer yet but a word on the way to it (1xx but 101, after which no HTTP follows).</summary>
    public bool IsInterim => Status is < 200 and not 101;

    /// <summary>How the body's end is found.</summary>
    public BodyFraming FramingOf(bool requestIsHead) =>
        requestIsHead || Status is < 200 or 204 or 304 ? BodyFraming.None
        : IsChunked ? BodyFraming.Chunked
        : ContentLength switch
        {
            null => BodyFraming.UntilClose,
            0 => BodyFraming.None,
            { } bytes => BodyFraming.Length(bytes),
        };

    /// <summary>
    /// Whether another request may follow on the connection once this answer is read to its end. Not after a 204 that speaks of a body: it
    /// has none, but an endpoint that thinks otherwise would answer the next request with it.
    /// </summary>
    public bool IsPersistent(bool requestIsHead) =>
        (Connection & ConnectionOptions.Close) == 0
        && (IsHttp11 || (Connection & ConnectionOptions.KeepAlive) != 0)
        && Status != 101
        && !(Status == 204 && !requestIsHead && (IsChunked || ContentLength > 0))
        && FramingOf(requestIsHead).Kind != BodyKind.UntilClose;

    internal void Clear()
    {
        Reading++;
        Fields.Clear();
        (Status, IsHttp11, Reason) = (0, false, default);
        (ContentLength, IsChunked, _options) = (null, false, 0);
        (Connection, KeepAliveTimeout, HasTrailer, HasUpgrade) = (ConnectionOptions.None, null, false, false);
    }

    internal void Begin(int status, bool isHttp11, int reasonStart, int reasonLength) =>
        (Status, IsHttp11, Reason) = (status, isHttp11, (reasonStart, reasonLength));

    internal CodecFault Add(ReadOnlySpan<byte> section, HeadField field)
    {
        switch (field.Known)
        {
            case KnownField.ContentLength:
                return AddLength(section, field);
            case KnownField.TransferEncoding when IsChunked || !Ascii.EqualsIgnoreCase(field.Value(section), "chunked"u8):
                return CodecFault.UnknownCoding;
            case KnownField.TransferEncoding:
                IsChunked = true;
                break;
            case KnownField.Connection when (_options += 1 + field.Value(section).Count((byte)',')) > NamedFields.MaxMembers:
                return CodecFault.TooManyOptions;
            case KnownField.Connection:
                Connection |= ListedValues.OptionsOf(field.Value(section));
                break;
            case KnownField.KeepAlive:
                KeepAliveTimeout ??= ListedValues.TimeoutOf(field.Value(section));
                break;
            case KnownField.Trailer:
                HasTrailer = true;
                break;
            case KnownField.Upgrade:
                HasUpgrade = true;
                break;
            default:
                break;
        }

        return Keep(field);
    }

    /// <summary>All fields are there: judges them together.</summary>
    internal CodecFault Complete(ReadOnlySpan<byte> section)
    {
        if ((Connection & ConnectionOptions.Fields) != 0)
        {
            Withhold(section);
        }

        return !IsChunked ? CodecFault.None
            : ContentLength is not null ? CodecFault.LengthWithCoding
            : !IsHttp11 ? CodecFault.CodingInHttp10
            : CodecFault.None;
    }

    private CodecFault AddLength(ReadOnlySpan<byte> section, HeadField field)
    {
        var fault = ListedValues.LengthOf(field.Value(section), out var bytes, out var digits);
        if (fault != CodecFault.None)
        {
            return fault;
        }

        if (ContentLength is not null)
        {
            return bytes == ContentLength ? CodecFault.None : CodecFault.DifferingContentLengths;
        }

        ContentLength = bytes;
        return Keep(field with { ValueLength = digits });
    }

    private CodecFault Keep(in HeadField field) => Fields.TryAdd(field) ? CodecFault.None : CodecFault.TooManyFields;

    private void Withhold(ReadOnlySpan<byte> section)
    {
        foreach (ref readonly var field in Fields.All)
        {
            if (field.Known == KnownField.Connection)
            {
                var options = field.Value(section);
                foreach (var range in options.Split((byte)','))
                {
                    Fields.Withhold(section, Octets.Trim(options[range]));
                }
            }
        }
    }
}
