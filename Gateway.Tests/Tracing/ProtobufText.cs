using Google.Protobuf;

namespace Gateway.Tests.Tracing;

/// <summary>Reads protobuf by field numbers.</summary>
internal static class ProtobufText
{
    public static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Messages(message, field).FirstOrDefault() ?? []);

    public static string Text(byte[] message, int field) => System.Text.Encoding.UTF8.GetString(Messages(message, field).FirstOrDefault() ?? []);

    public static long Number(byte[] message, int field)
    {
        using var reader = new CodedInputStream(message);
        for (var tag = reader.ReadTag(); tag != 0; tag = reader.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.Varint)
            {
                return reader.ReadInt64();
            }

            reader.SkipLastField();
        }

        return 0;
    }

    public static List<byte[]> Messages(byte[] message, int field)
    {
        var found = new List<byte[]>();
        using var reader = new CodedInputStream(message);
        for (var tag = reader.ReadTag(); tag != 0; tag = reader.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                found.Add(reader.ReadBytes().ToByteArray());
            }
            else
            {
                reader.SkipLastField();
            }
        }

        return found;
    }

    /// <summary>The 64-bit number of a field.</summary>
    public static ulong Fixed(byte[] message, int field)
    {
        using var reader = new CodedInputStream(message);
        for (var tag = reader.ReadTag(); tag != 0; tag = reader.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.Fixed64)
            {
                return reader.ReadFixed64();
            }

            reader.SkipLastField();
        }

        throw new InvalidDataException($"there is no field {field}");
    }

    public static double Double(byte[] message, int field) => BitConverter.UInt64BitsToDouble(Fixed(message, field));

    /// <summary>A packed list of 64-bit numbers.</summary>
    public static ulong[] Packed(byte[] message, int field) =>
        [.. Messages(message, field).Single().Chunk(sizeof(ulong)).Select(bytes => BitConverter.ToUInt64(bytes))];
}
