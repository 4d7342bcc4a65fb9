namespace Gateway.Upstream.Forwarding;

/// <summary>
/// Sends what is written at once. The HTTP client keeps up to 4 KiB back until more comes, which on a body that trickles in may be long.
/// A small body still leaves together with its head.
/// </summary>
internal sealed class PromptStream(Stream endpoint) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await endpoint.WriteAsync(buffer, cancellationToken);
        await endpoint.FlushAsync(cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => endpoint.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException("writes do not block");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("writes do not block");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
