namespace Gateway.Tests.Upstream.Http1;

/// <summary>A connection that is never waited for: it sends a head and so many bytes, as fast as they are taken, and then ends.</summary>
internal sealed class ReadyStream(byte[] head, long length) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => head.Length + length;

    /// <summary>How much was taken.</summary>
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var isHead = _position < head.Length;
        var read = (int)Math.Min(buffer.Length, (isHead ? head.Length : Length) - _position);
        if (isHead)
        {
            head.AsSpan((int)_position, read).CopyTo(buffer.Span);
        }

        _position += read;
        return new(read);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => default;

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
