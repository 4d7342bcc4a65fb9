using System.Buffers;
using System.Text;
using Gateway.Http;

namespace Gateway.Fuzz;

/// <summary>
/// A reader's result, as bytes that can be compared and read: one line per fact, payload unchanged. Adjacent pieces of payload are joined, so that it does not
/// depend on how the stream was split.
/// </summary>
internal sealed class Transcript
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public void Clear() => _bytes.ResetWrittenCount();

    public void Head(RequestHead head, ReadOnlySpan<byte> bytes)
    {
        Text("method"u8, Encoding.Latin1.GetBytes(head.Method));
        Text("target"u8, bytes.Slice(head.TargetStart, head.TargetLength));
        Line("minor version"u8, head.IsHttp11 ? 1 : 0);
        Line("persistent"u8, head.IsPersistent ? 1 : 0);
        Line("expects"u8, head.ExpectsContinue(bytes) ? 1 : 0);
        Line("websocket"u8, head.IsWebSocket(bytes) ? 1 : 0);
        Fields(head.Fields, bytes);
    }

    public void Head(ResponseHead head, ReadOnlySpan<byte> bytes)
    {
        Line("head"u8, head.Status);
        Line("minor version"u8, head.IsHttp11 ? 1 : 0);
        Line("persistent"u8, head.IsPersistent ? 1 : 0);
        Fields(head.Fields, bytes);
    }

    public void Fields(ReadOnlySpan<Field> fields, ReadOnlySpan<byte> section)
    {
        foreach (ref readonly var field in fields)
        {
            Text("name"u8, field.NameIn(section));
            Text("value"u8, field.ValueIn(section));
            Line("known"u8, (int)field.Name);
            Line("dropped"u8, field.IsDropped ? 1 : 0);
        }
    }

    public void Payload(ReadOnlySpan<byte> payload) => _bytes.Write(payload);

    public void Line(ReadOnlySpan<byte> what, long number)
    {
        Begin(what);
        number.TryFormat(_bytes.GetSpan(20), out var digits);
        _bytes.Advance(digits);
        _bytes.Write("\n"u8);
    }

    public override string ToString() => Encoding.Latin1.GetString(Bytes);

    private void Fields(FieldSection fields, ReadOnlySpan<byte> bytes)
    {
        Line("length"u8, fields.ContentLength);
        Line("chunked"u8, fields.IsChunked ? 1 : 0);
        Fields(fields.All, bytes);
    }

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
