using System.Buffers.Binary;
using System.Text;
using Gateway.Http.Http2;

namespace Gateway.Fuzz.Engine.Http2;

/// <summary>Writes frames of an HTTP/2 client.</summary>
internal static class FrameMaker
{
    public static readonly byte[] Preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8];

    public static byte[] Frame(FrameType type, byte flags, int stream, params ReadOnlySpan<byte> payload)
    {
        var frame = new byte[FrameHeader.Size + payload.Length];
        new FrameHeader(payload.Length, type, flags, stream).Write(frame);
        payload.CopyTo(frame.AsSpan(FrameHeader.Size));
        return frame;
    }

    public static byte[] Number(FrameType type, int stream, int value)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, value);
        return Frame(type, 0, stream, payload);
    }

    public static byte[] Setting(SettingId id, int value)
    {
        var payload = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)id);
        BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(2), value);
        return Frame(FrameType.Settings, 0, 0, payload);
    }

    public static byte[] Head(string method, string path, params (string Name, string Value)[] more) =>
        Block([(":method", method), (":scheme", "http"), (":path", path), (":authority", "x"), .. more]);

    public static byte[] Block(params (string Name, string Value)[] fields)
    {
        var block = new byte[64 + fields.Sum(field => field.Name.Length + field.Value.Length + 16)];
        var length = 0;
        foreach (var (name, value) in fields)
        {
            length += HpackEncoder.Field(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value), block.AsSpan(length));
        }

        return block[..length];
    }
}
