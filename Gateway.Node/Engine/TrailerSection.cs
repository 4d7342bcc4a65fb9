using System.Text;
using Gateway.Http;
using Gateway.Wire;

namespace Gateway.Node.Engine;

/// <summary>
/// The trailers of a message: collected until complete, and passed on except for fields that must not be trailers (RFC 9110 6.5.1): those for framing, routing,
/// authentication, control or content description, and connection-specific ones. A recipient that merges trailers into the head gets nothing that this gateway
/// would not have passed there. A struct of its owner, which clears it.
/// </summary>
internal struct TrailerSection
{
    /// <summary>Names that must not be trailers, besides those with a meaning for proxies.</summary>
    private static readonly string[] Misplaced =
    [
        "age", "authorization", "cache-control", "content-encoding", "content-range", "content-type", "cookie", "expires", "if-match",
        "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "location", "pragma", "proxy-authenticate", "proxy-authorization",
        "range", "set-cookie", "vary", "warning", "www-authenticate",
    ];

    private Block? _section;
    private byte[]? _options;

    /// <summary>Begins with a head. Fields named in its Connection are excluded too (RFC 9110 7.6.1).</summary>
    public void Begin(FieldSection fields, ReadOnlySpan<byte> head) => _options = fields.Connection.NamesFields ? OptionsOf(fields, head) : null;

    /// <summary>Takes bytes of the section; returns how many belong to it.</summary>
    public int Take(BlockPool pool, ref BodyReader body, ReadOnlySpan<byte> bytes)
    {
        var taken = body.TakeTrailers(bytes);
        _section = pool.Append(_section, bytes[..taken]);
        return taken;
    }

    /// <summary>Writes the allowed fields and the empty line; returns the number of bytes. Call it only when the section is complete.</summary>
    /// <param name="passes">False: only the empty line.</param>
    public readonly int Write(Span<byte> room, bool passes)
    {
        var to = new ByteWriter(room);
        ReadOnlySpan<byte> rest = passes ? _section!.Used : "\r\n"u8;
        while (rest[0] != '\r')
        {
            var line = rest[..(rest.IndexOf((byte)'\n') + 1)];
            if (Passes(line[..line.IndexOf((byte)':')]))
            {
                to.Write(line);
            }

            rest = rest[line.Length..];
        }

        to.Write("\r\n"u8);
        return to.Length;
    }

    /// <summary>The value of the first field of that name; empty if there is none. Call it only when the section is complete.</summary>
    public readonly ReadOnlySpan<byte> ValueOf(FieldName name)
    {
        ReadOnlySpan<byte> rest = _section is { } section ? section.Used : "\r\n"u8;
        while (rest[0] != '\r')
        {
            var line = rest[..rest.IndexOf((byte)'\r')];
            var colon = line.IndexOf((byte)':');
            if (FieldNames.Of(line[..colon]) == name)
            {
                return line[(colon + 1)..].Trim(" \t"u8);
            }

            rest = rest[(line.Length + 2)..];
        }

        return [];
    }

    public void Clear(BlockPool pool)
    {
        _options = null;
        if (_section is { } section)
        {
            _section = null;
            pool.Return(section);
        }
    }

    private readonly bool Passes(ReadOnlySpan<byte> name)
    {
        if (FieldNames.Of(name) is not (FieldName.Other or FieldName.GrpcStatus))
        {
            return false;
        }

        foreach (var misplaced in Misplaced)
        {
            if (Ascii.EqualsIgnoreCase(name, misplaced))
            {
                return false;
            }
        }

        foreach (var range in _options.AsSpan().Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(name, _options.AsSpan()[range].Trim(" \t"u8)))
            {
                return false;
            }
        }

        return true;
    }

    private static byte[] OptionsOf(FieldSection fields, ReadOnlySpan<byte> head)
    {
        List<byte> options = [];
        foreach (ref readonly var field in fields.All)
        {
            if (field.Name == FieldName.Connection)
            {
                options.AddRange(field.ValueIn(head));
                options.Add((byte)',');
            }
        }

        return [.. options];
    }
}
