namespace Gateway.Tests.Upstream;

/// <summary>A connection on which nothing comes until the other side ends it, or this side closes it.</summary>
/// <param name="closed">Told once, when this side closes it.</param>
internal sealed class SilentStream(Action? closed = null) : Stream
{
    private readonly TaskCompletionSource<int> _end = new();

    public bool IsDisposed { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The other side ends it.</summary>
    public void End() => _end.TrySetResult(0);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(_end.Task);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (!IsDisposed)
        {
            IsDisposed = true;
            closed?.Invoke();
        }

        _end.TrySetException(new ObjectDisposedException(nameof(SilentStream)));
        base.Dispose(disposing);
    }
}
