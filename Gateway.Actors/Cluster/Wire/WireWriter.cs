using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster.Wire;

/// <summary>Writes the fields of a message one after the other. Integers take as few bytes as they need.</summary>
public class WireWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64);
    private WireWriter? _item;

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Writes seven bits per byte, lowest first.</summary>
    public void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((byte)(value | 0x80));
        }

        Byte((byte)value);
    }

    /// <summary>Writes a signed integer; small negative numbers are as short as small positive ones.</summary>
    public void SignedVarint(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Writes a number of IEEE 754, eight bytes.</summary>
    public void Binary64(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
    }

    public void Time(TimeSpan value) => SignedVarint(value.Ticks);

    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)length);
        Encoding.UTF8.GetBytes(value, _bytes.GetSpan(length));
        _bytes.Advance(length);
    }

    /// <summary>Writes the length, then the bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Varint((ulong)value.Length);
        _bytes.Write(value);
    }

    public void Replica(ReplicaId value)
    {
        Text(value.Address);
        SignedVarint(value.Uid);
    }

    /// <summary>Writes whether there is a value, then the value.</summary>
    public void Optional<T>(T? value, Action<WireWriter, T> write)
        where T : struct
    {
        Bool(value.HasValue);
        if (value is { } some)
        {
            write(this, some);
        }
    }

    /// <inheritdoc cref="Optional{T}(T?, Action{WireWriter, T})"/>
    public void Optional<T>(T? value, Action<WireWriter, T> write)
        where T : class
    {
        Bool(value is not null);
        if (value is not null)
        {
            write(this, value);
        }
    }

    /// <summary>
    /// Writes the number of items, then each with its length in front, so that a later version can append fields to an item and an earlier
    /// one skips them.
    /// </summary>
    public void Items<T>(IReadOnlyCollection<T> values, Action<WireWriter, T> write)
    {
        Varint((ulong)values.Count);
        _item ??= NewItem();
        foreach (var value in values)
        {
            _item._bytes.ResetWrittenCount();
            write(_item, value);
            _item.EndItem();
            Varint((ulong)_item._bytes.WrittenCount);
            _bytes.Write(_item._bytes.WrittenSpan);
        }
    }

    /// <summary>Creates the writer for the items of a list.</summary>
    protected virtual WireWriter NewItem() => new();

    /// <summary>Called after all fields of an item. A later version appends its own here.</summary>
    protected virtual void EndItem()
    {
    }

    /// <summary>Writes the number of items, then each. For items that never get further fields.</summary>
    public void List<T>(IReadOnlyCollection<T> values, Action<WireWriter, T> write)
    {
        Varint((ulong)values.Count);
        foreach (var value in values)
        {
            write(this, value);
        }
    }
}
