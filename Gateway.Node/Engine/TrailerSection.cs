using System.Text;
using Gateway.Http;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>
/// The trailers of an answer: collected, and passed on if the answer has announced any or the client speaks HTTP/2, but for what may not stand in a trailer section (RFC 9110 6.5.1:
/// nothing that frames, routes, authenticates or describes the content).
/// </summary>
internal sealed class TrailerSection(HttpLimits limits)
{
    private static readonly string[] Misplaced =
    [
        "age", "authorization", "cache-control", "content-encoding", "content-length", "content-range", "content-type", "cookie", "date", "expires",
        "host", "location", "proxy-authenticate", "proxy-authorization", "range", "retry-after", "set-cookie", "te", "trailer", "transfer-encoding",
        "vary", "warning", "www-authenticate",
    ];

    private readonly FieldSection _fields = new(limits.MaxFields, mayRepeatLength: true);
    private Block? _section;
    private bool _passes;

    /// <summary>A head has come, which may announce trailers.</summary>
    /// <param name="isExpected">Whether the client takes them unannounced too.</param>
    public void Begin(ResponseHead head, bool isExpected) => _passes = isExpected || head.Fields.Has(FieldName.Trailer);

    /// <summary>Takes bytes of the section; answers how many belong to it.</summary>
    public int Take(BlockPool pool, ref BodyReader body, ReadOnlySpan<byte> bytes)
    {
        var taken = body.TakeTrailers(bytes);
        _section = pool.Append(_section, bytes[..taken]);
        return taken;
    }

    /// <summary>Writes the fields that are passed on and the empty line; answers how many bytes that is.</summary>
    public int Write(Span<byte> room)
    {
        var to = new ByteWriter(room);
        var section = _section!.Used;
        _fields.Clear();
        if (_passes && _fields.Parse(section, 0, out _) == HttpFault.None)
        {
            foreach (ref readonly var field in _fields.All)
            {
                if (!field.IsDropped && !IsMisplaced(field.NameIn(section)))
                {
                    to.Write(section[field.Start..field.End]);
                }
            }
        }

        to.Write("\r\n"u8);
        return to.Length;
    }

    public void Clear(BlockPool pool)
    {
        if (_section is { } section)
        {
            _section = null;
            pool.Return(section);
        }
    }

    private static bool IsMisplaced(ReadOnlySpan<byte> name)
    {
        foreach (var misplaced in Misplaced)
        {
            if (Ascii.EqualsIgnoreCase(name, misplaced))
            {
                return true;
            }
        }

        return false;
    }
}
