namespace Gateway.Upstream.Http2;

/// <summary>
/// A connection, above TLS, that detects when the HTTP client has processed the endpoint's first frame, its settings with the stream limit:
/// the client reads on only then.
/// </summary>
internal sealed class WatchedStream(Stream connection, Action onSettings) : Stream
{
    private const int FrameHeader = 9;
    private const int LengthField = 3;

    private bool _heard;
    private long _received;
    private int _length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_heard && _received >= FrameHeader + _length)
        {
            _heard = true;
            onSettings();
        }

        return _heard ? connection.ReadAsync(buffer, cancellationToken) : ReadFirstAsync(buffer, cancellationToken);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        connection.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException("blocking writes are not supported");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("blocking reads are not supported");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("blocking writes are not supported");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await connection.ReadAsync(buffer, cancellationToken);
        for (var i = 0; i < read && _received + i < LengthField; i++)
        {
            _length = (_length << 8) | buffer.Span[i];
        }

        _received += read;
        return read;
    }
}
