using System.Buffers;

namespace Gateway.Upstream.Http1;

/// <summary>Bytes to be sent, in one rented array that grows. Kept by a connection and used again for each message.</summary>
/// <param name="size">What is rented at first, in bytes.</param>
internal sealed class PooledBuffer(int size) : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = BufferPool.Rent(size);

    public int Length { get; private set; }

    /// <summary>What it holds on to, in bytes.</summary>
    public int Capacity => _bytes.Length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - Length);
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return _bytes.AsSpan(Length);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Takes back what was written after the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
    }

    /// <summary>Forgets what was written, and gives up an array that a long message has made grow. While nobody sends from it.</summary>
    public void Trim()
    {
        Length = 0;
        if (_bytes.Length > 2 * size)
        {
            BufferPool.Return(_bytes);
            _bytes = BufferPool.Rent(size);
        }
    }

    /// <summary>Gives the array back; not to be used afterwards.</summary>
    public void Dispose()
    {
        var bytes = _bytes;
        (_bytes, Length) = ([], 0);
        if (bytes.Length > 0)
        {
            BufferPool.Return(bytes);
        }
    }

    private void Reserve(int room)
    {
        if (_bytes.Length - Length >= room)
        {
            return;
        }

        var larger = BufferPool.Rent(checked(Length + Math.Max(room, Length)));
        Written.CopyTo(larger);
        BufferPool.Return(_bytes);
        _bytes = larger;
    }
}
