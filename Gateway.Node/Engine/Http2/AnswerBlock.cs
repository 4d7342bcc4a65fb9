using System.Buffers.Text;
using System.Text;
using Gateway.Http;
using Gateway.Http.Http2;

namespace Gateway.Node.Engine.Http2;

/// <summary>Writes an answer's head or trailers as an HPACK block, without connection-specific fields, which HTTP/2 forbids (RFC 9113 8.2.2).</summary>
internal sealed class AnswerBlock(HttpLimits limits)
{
    /// <summary>An upper bound of a field's framing beyond its text.</summary>
    private const int FieldFraming = 16;

    private readonly FieldSection _trailers = new(limits.MaxFields, mayRepeatLength: true);
    private byte[] _bytes = new byte[8 * 1024];
    private int _length;

    /// <param name="isTunnel">Whether it answers a WebSocket handshake; HTTP/2 sends only the status then.</param>
    public ReadOnlySpan<byte> Write(ResponseHead head, ReadOnlySpan<byte> bytes, int status, bool isTunnel)
    {
        Reserve(head.Length, head.Fields.Count);
        _length = HpackEncoder.Status(status, _bytes);
        var hasStatusOfCall = head.Fields.ContentLength == 0 && head.Fields.Has(FieldName.GrpcStatus); // A trailers-only answer.
        foreach (ref readonly var field in head.Fields.All)
        {
            if (!field.IsDropped && !(isTunnel && Ascii.EqualsIgnoreCase(field.NameIn(bytes), WebSocketHandshake.AcceptName)) &&
                !(hasStatusOfCall && field.Name == FieldName.ContentLength))
            {
                Put(field.NameIn(bytes), field.ValueIn(bytes));
            }
        }

        return _bytes.AsSpan(0, _length);
    }

    /// <summary>Writes the head of a problem document.</summary>
    public ReadOnlySpan<byte> Write(Problem problem, int length, string gatewayId)
    {
        Span<byte> digits = stackalloc byte[16];
        Utf8Formatter.TryFormat(length, digits, out var count);
        _length = HpackEncoder.Status(problem.Status, _bytes);
        Put("content-type"u8, "application/problem+json"u8);
        Put("proxy-status"u8, Encoding.Latin1.GetBytes(Problem.StatusField(gatewayId, problem.Error)));
        Put("content-length"u8, digits[..count]);
        return _bytes.AsSpan(0, _length);
    }

    /// <summary>Writes trailers, given in HTTP/1.1 form with the empty line. Returns nothing if none can be passed on.</summary>
    public ReadOnlySpan<byte> WriteTrailers(ReadOnlySpan<byte> section)
    {
        _trailers.Clear();
        _length = 0;
        if (_trailers.Parse(section, 0, out _) == HttpFault.None)
        {
            Reserve(section.Length, _trailers.Count);
            foreach (ref readonly var field in _trailers.All)
            {
                Put(field.NameIn(section), field.ValueIn(section));
            }
        }

        return _bytes.AsSpan(0, _length);
    }

    private void Put(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => _length += HpackEncoder.Field(name, value, _bytes.AsSpan(_length));

    private void Reserve(int text, int fields)
    {
        var max = text + (fields * FieldFraming) + FieldFraming;
        if (max > _bytes.Length)
        {
            _bytes = new byte[2 * max];
        }
    }
}
