using System.Collections.Immutable;
using Google.Protobuf;

namespace Gateway.Node.Exporting;

/// <summary>Writes a protobuf message field by field, without a generated class.</summary>
internal sealed class ProtobufMessage : IDisposable
{
    private readonly MemoryStream _bytes = new();
    private readonly CodedOutputStream _output;

    public ProtobufMessage() => _output = new(_bytes, leaveOpen: true);

    public byte[] ToArray()
    {
        _output.Flush();
        return _bytes.ToArray();
    }

    public void Text(int field, string value)
    {
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteString(value);
    }

    public void Integer(int field, int value)
    {
        _output.WriteTag(field, WireFormat.WireType.Varint);
        _output.WriteInt32(value);
    }

    public void Fixed(int field, ulong value)
    {
        _output.WriteTag(field, WireFormat.WireType.Fixed64);
        _output.WriteFixed64(value);
    }

    public void Double(int field, double value)
    {
        _output.WriteTag(field, WireFormat.WireType.Fixed64);
        _output.WriteDouble(value);
    }

    /// <summary>Writes a list of 64-bit numbers, or of doubles by their bits.</summary>
    public void PackedFixed(int field, ImmutableArray<ulong> values)
    {
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteLength(values.Length * sizeof(ulong));
        foreach (var value in values)
        {
            _output.WriteFixed64(value);
        }
    }

    public void Nested(int field, Action<ProtobufMessage> write)
    {
        using var nested = new ProtobufMessage();
        write(nested);
        _output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        _output.WriteBytes(ByteString.CopyFrom(nested.ToArray()));
    }

    /// <summary>Writes an OTLP <c>KeyValue</c> with a text value.</summary>
    public void Attribute(int field, string key, string value) => Nested(field, pair =>
    {
        pair.Text(1, key);
        pair.Nested(2, any => any.Text(1, value));
    });

    public void Dispose()
    {
        _output.Dispose();
        _bytes.Dispose();
    }
}
