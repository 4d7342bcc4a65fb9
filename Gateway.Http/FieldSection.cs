using System.Text;

namespace Gateway.Http;

/// <summary>
/// The fields of one head, kept as positions in its bytes, and the message framing they define. Strict: anything that two readers could read
/// differently is a fault. Reusable; allocates only to grow.
/// </summary>
/// <param name="maxFields">The maximum number of fields.</param>
/// <param name="mayRepeatLength">Whether Content-Length may be repeated with the same value (RFC 9112 6.3 leaves that to the recipient).</param>
public sealed class FieldSection(int maxFields, bool mayRepeatLength)
{
    private Field[] _fields = new Field[Math.Min(maxFields, 32)];
    private ConnectionOptions _connection;

    public int Count { get; private set; }

    public ReadOnlySpan<Field> All => _fields.AsSpan(0, Count);

    /// <summary>The value of Content-Length; -1 if absent.</summary>
    public long ContentLength { get; private set; }

    /// <summary>Whether Transfer-Encoding is present; its value is then <c>chunked</c>, once and alone.</summary>
    public bool IsChunked { get; private set; }

    public ref readonly ConnectionOptions Connection => ref _connection;

    /// <summary>The index of the first Host field; -1 if none.</summary>
    public int Host { get; private set; }

    /// <summary>The number of Host fields.</summary>
    public int Hosts { get; private set; }

    /// <summary>A bit for each name present, by <see cref="FieldName"/>.</summary>
    private uint _present;

    public bool Has(FieldName name) => (_present >> (int)name & 1) != 0;

    /// <summary>Returns the index of the first field with a name; -1 if none.</summary>
    public int IndexOf(FieldName name)
    {
        if (Has(name))
        {
            for (var i = 0; i < Count; i++)
            {
                if (_fields[i].Name == name)
                {
                    return i;
                }
            }
        }

        return -1;
    }

    /// <summary>Whether the length was a list of equal values: its field is dropped, and must be rewritten.</summary>
    public bool IsLengthRepeated { get; private set; }

    public void Clear()
    {
        IsLengthRepeated = false;
        (Count, ContentLength, IsChunked, Host, Hosts, _present) = (0, -1, false, -1, 0, 0);
        _connection = default;
    }

    /// <summary>Parses field lines up to and including the empty one.</summary>
    /// <param name="head">All bytes of the head received so far.</param>
    /// <param name="at">The start of the first field line.</param>
    /// <param name="end">The end of the head if it is complete; 0 if more bytes are needed.</param>
    public HttpFault Parse(ReadOnlySpan<byte> head, int at, out int end)
    {
        end = 0;
        while (true)
        {
            if (head.Length - at < 2)
            {
                return head.Length - at == 1 && head[at] != '\r' ? BadStart(head[at]) : HttpFault.None;
            }

            if (head[at] == '\r')
            {
                if (head[at + 1] != '\n')
                {
                    return HttpFault.ControlByte;
                }

                end = at + 2;
                return Complete(head);
            }

            var line = head[at..];
            var name = Octets.TokenLength(line);
            if (name == line.Length)
            {
                return HttpFault.None;
            }

            if (line[name] != ':' || name == 0)
            {
                return NotAName(line, name);
            }

            var value = line[(name + 1)..];
            var length = value.IndexOfAny(Octets.Control);
            if (length < 0 || length + 1 == value.Length)
            {
                return length >= 0 && value[length] != '\r' ? HttpFault.ControlByte : HttpFault.None;
            }

            if (value[length] != '\r' || value[length + 1] != '\n')
            {
                return HttpFault.ControlByte;
            }

            var start = at + name + 1;
            var next = start + length + 2;
            var fault = Add(head, at, name, start, start + length, next);
            if (fault != HttpFault.None)
            {
                return fault;
            }

            at = next;
        }
    }

    private static HttpFault BadStart(byte octet) =>
        Octets.Token.Contains(octet) ? HttpFault.None : NotAName([octet], 0);

    private static HttpFault NotAName(ReadOnlySpan<byte> line, int at) =>
        !Octets.IsBlank(line[at]) ? line[at] is (byte)'\r' or (byte)'\n' ? HttpFault.MissingColon : HttpFault.BadFieldName
        : at == 0 ? HttpFault.FoldedLine
        : HttpFault.SpaceBeforeColon;

    private HttpFault Add(ReadOnlySpan<byte> head, int line, int nameLength, int start, int end, int next)
    {
        if (Count == _fields.Length)
        {
            if (Count >= maxFields)
            {
                return HttpFault.TooManyFields;
            }

            Array.Resize(ref _fields, Math.Min(maxFields, 2 * Count));
        }

        while (start < end && Octets.IsBlank(head[start]))
        {
            start++;
        }

        while (end > start && Octets.IsBlank(head[end - 1]))
        {
            end--;
        }

        var name = FieldNames.Of(head.Slice(line, nameLength));
        ref var field = ref _fields[Count];
        field = new(line, nameLength, start, end - start, next, name) { IsDropped = name is > FieldName.Other and <= FieldNames.LastHopByHop };
        Count++;
        if (name == FieldName.Other)
        {
            return HttpFault.None;
        }

        _present |= 1u << (int)name;
        return name switch
        {
            FieldName.Connection => _connection.Add(field.ValueIn(head)),
            FieldName.ContentLength => AddLength(field.ValueIn(head), ref field),
            FieldName.TransferEncoding => AddCoding(field.ValueIn(head)),
            FieldName.Host => AddHost(),
            _ => HttpFault.None,
        };
    }

    private HttpFault AddHost()
    {
        Host = Hosts++ == 0 ? Count - 1 : Host;
        return HttpFault.None;
    }

    private HttpFault AddCoding(ReadOnlySpan<byte> value)
    {
        if (IsChunked || !Ascii.EqualsIgnoreCase(value, "chunked"u8))
        {
            return HttpFault.UnknownCoding;
        }

        IsChunked = true;
        return HttpFault.None;
    }

    private HttpFault AddLength(ReadOnlySpan<byte> value, ref Field field)
    {
        var first = value.IndexOf((byte)',');
        var length = Octets.Number(first < 0 ? value : Octets.Trim(value[..first]));
        if (length < 0 || (!mayRepeatLength && (first >= 0 || ContentLength >= 0)))
        {
            return HttpFault.BadContentLength;
        }

        if (first >= 0)
        {
            foreach (var range in value.Split((byte)','))
            {
                var other = Octets.Number(Octets.Trim(value[range]));
                if (other != length)
                {
                    return other < 0 ? HttpFault.BadContentLength : HttpFault.DifferingContentLengths;
                }
            }
        }

        if (ContentLength >= 0 && ContentLength != length)
        {
            return HttpFault.DifferingContentLengths;
        }

        IsLengthRepeated |= first >= 0 && ContentLength < 0; // After a plain one, which is kept, it is only dropped.
        field.IsDropped = ContentLength >= 0 || first >= 0;
        ContentLength = length;
        return HttpFault.None;
    }

    private HttpFault Complete(ReadOnlySpan<byte> head)
    {
        if (_connection.NamesFields)
        {
            DropNamed(head);
        }

        return IsChunked && ContentLength >= 0 ? HttpFault.LengthWithCoding : HttpFault.None;
    }

    /// <summary>Drops the fields named by Connection, except those the message requires.</summary>
    private void DropNamed(ReadOnlySpan<byte> head)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_fields[i].Name != FieldName.Connection)
            {
                continue;
            }

            var options = _fields[i].ValueIn(head);
            foreach (var range in options.Split((byte)','))
            {
                var option = Octets.Trim(options[range]);
                foreach (ref var field in _fields.AsSpan(0, Count))
                {
                    if (field.NameLength == option.Length && field.Name is not (FieldName.Host or FieldName.ContentLength) &&
                        Ascii.EqualsIgnoreCase(field.NameIn(head), option))
                    {
                        field.IsDropped = true;
                    }
                }
            }
        }
    }
}
