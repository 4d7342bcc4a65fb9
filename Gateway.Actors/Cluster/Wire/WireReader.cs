using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.Serialization;
using System.Text;
using Gateway.Core.Membership;

namespace Gateway.Actors.Cluster.Wire;

/// <summary>
/// Reads a message's fields in the order in which <see cref="WireWriter"/> wrote them. Malformed bytes cause a
/// <see cref="SerializationException"/>, and never allocate more memory than they take themselves.
/// </summary>
public sealed class WireReader(ReadOnlyMemory<byte> bytes)
{
    private int _at;

    /// <summary>Whether everything has been read. Data appended by later versions is skipped.</summary>
    public bool AtEnd => _at == bytes.Length;

    public byte Byte() => Take(1)[0];

    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw new SerializationException($"{other} is not a boolean"),
    };

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new SerializationException("a number is too long");
    }

    public long SignedVarint()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public int SignedVarint32() => SignedVarint() is >= int.MinValue and <= int.MaxValue and var value
        ? (int)value
        : throw new SerializationException("a number is out of range");

    /// <summary>Reads a number of IEEE 754.</summary>
    public double Binary64() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public TimeSpan Time() => new(SignedVarint());

    public string Text() => Encoding.UTF8.GetString(Take(Count()));

    /// <summary>Reads bytes, without copying them from the message.</summary>
    public ReadOnlySpan<byte> Bytes() => Take(Count());

    public ReplicaId Replica() => new(Text(), SignedVarint());

    public T? Optional<T>(Func<WireReader, T> read)
        where T : struct => Bool() ? read(this) : null;

    public T? OptionalOf<T>(Func<WireReader, T> read)
        where T : class => Bool() ? read(this) : null;

    /// <summary>Reads a list of <see cref="WireWriter.Items{T}"/>; unread data of an item, from a later version, is skipped.</summary>
    public ImmutableArray<T> Items<T>(Func<WireReader, T> read)
    {
        var count = Count();
        var values = ImmutableArray.CreateBuilder<T>(count);
        for (var i = 0; i < count; i++)
        {
            var length = Count();
            values.Add(read(new(bytes.Slice(_at, length))));
            _at += length;
        }

        return values.MoveToImmutable();
    }

    public ImmutableArray<T> List<T>(Func<WireReader, T> read)
    {
        var count = Count();
        var values = ImmutableArray.CreateBuilder<T>(count);
        for (var i = 0; i < count; i++)
        {
            values.Add(read(this));
        }

        return values.MoveToImmutable();
    }

    /// <summary>Reads a length; each counted element takes at least a byte.</summary>
    private int Count() => Varint() is var count && count <= (ulong)(bytes.Length - _at)
        ? (int)count
        : throw new SerializationException("a length is longer than the message");

    private ReadOnlySpan<byte> Take(int length)
    {
        if (bytes.Length - _at < length)
        {
            throw new SerializationException("the message is truncated");
        }

        _at += length;
        return bytes.Span.Slice(_at - length, length);
    }
}
