using System.Buffers;
using System.Text;
using Gateway.Upstream.Http1;

namespace Gateway.Fuzz;

/// <summary>
/// What a reader understood of a stream, as bytes that can be compared and read: one line for each fact, payload as it is. Pieces of
/// payload run together, so that it does not show how the stream was split.
/// </summary>
internal sealed class Transcript
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public void Clear() => _bytes.ResetWrittenCount();

    public void Head(ResponseHead head, ReadOnlySpan<byte> section, bool requestIsHead)
    {
        var framing = head.FramingOf(requestIsHead);
        Line("head"u8, head.Status);
        Line("minor version"u8, head.IsHttp11 ? 1 : 0);
        Text("reason"u8, section.Slice(head.Reason.Start, head.Reason.Length));
        Line("framing"u8, (int)framing.Kind);
        Line("length"u8, framing.Bytes);
        Line("options"u8, (int)head.Connection);
        Line("persistent"u8, head.IsPersistent(requestIsHead) ? 1 : 0);
        Line("timeout"u8, (long)(head.KeepAliveTimeout?.TotalSeconds ?? -1));
        Fields(head.Fields, section);
    }

    public void Fields(FieldList fields, ReadOnlySpan<byte> section)
    {
        foreach (ref readonly var field in fields.All)
        {
            Text("name"u8, field.Name(section));
            Text("value"u8, field.Value(section));
            Line("known"u8, (int)field.Known);
            Line("end to end"u8, field.EndToEnd ? 1 : 0);
        }
    }

    public void Payload(ReadOnlySpan<byte> payload) => _bytes.Write(payload);

    public void Fault(CodecFault fault) => Line("malformed"u8, (int)fault);

    public void Line(ReadOnlySpan<byte> what, long number)
    {
        Begin(what);
        number.TryFormat(_bytes.GetSpan(20), out var digits);
        _bytes.Advance(digits);
        _bytes.Write("\n"u8);
    }

    public override string ToString() => Encoding.Latin1.GetString(Bytes);

    private void Text(ReadOnlySpan<byte> what, ReadOnlySpan<byte> text)
    {
        Begin(what);
        _bytes.Write(text);
        _bytes.Write("\n"u8);
    }

    private void Begin(ReadOnlySpan<byte> what)
    {
        _bytes.Write(what);
        _bytes.Write(" "u8);
    }
}
