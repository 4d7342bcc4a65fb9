using System.Threading.Channels;

namespace Gateway.Tests.Upstream;

/// <summary>A connection to an endpoint whose every read and write ends when and as the test says. Closed: both fail.</summary>
internal sealed class ScriptedStream : Stream
{
    private readonly Channel<byte[]> _incoming = Channel.CreateUnbounded<byte[]>();
    private readonly TaskCompletionSource _closed = new();
    private readonly Lock _gate = new();
    private readonly List<byte> _written = [];
    private byte[] _rest = [];

    /// <summary>What a write waits for before it is taken; a failure of it is the write's.</summary>
    public Func<ReadOnlyMemory<byte>, Task> OnWrite { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Whether a write that is under way when it is closed has been taken after all.</summary>
    public bool TakesAtItsClose { get; set; }

    public bool IsClosed => _closed.Task.IsCompleted;

    public int WritesBegun { get; private set; }

    public int WritesEnded { get; private set; }

    /// <summary>All that was taken.</summary>
    public byte[] Written
    {
        get
        {
            lock (_gate)
            {
                return [.. _written];
            }
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The endpoint sends this, one byte for each char.</summary>
    public void Send(string text) => Send(System.Text.Encoding.Latin1.GetBytes(text));

    public void Send(byte[] bytes) => _incoming.Writer.TryWrite(bytes);

    /// <summary>The endpoint ends it, with a reset if there is an error.</summary>
    public void End(Exception? error = null) => _incoming.Writer.TryComplete(error);

    /// <summary>Throws where it is closed, as a socket does.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return ReceiveAsync(buffer, cancellationToken);
    }

    private async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_rest.Length == 0)
        {
            var more = _incoming.Reader.WaitToReadAsync(cancellationToken).AsTask();
            ObjectDisposedException.ThrowIf(await Task.WhenAny(more, _closed.Task) != more, this);
            if (!await more)
            {
                return 0;
            }

            Assert.True(_incoming.Reader.TryRead(out _rest!));
        }

        var read = Math.Min(buffer.Length, _rest.Length);
        _rest.AsSpan(0, read).CopyTo(buffer.Span);
        _rest = _rest[read..];
        return read;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        WritesBegun++;
        try
        {
            await await Task.WhenAny(OnWrite(buffer), _closed.Task);
            ObjectDisposedException.ThrowIf(IsClosed && !TakesAtItsClose, this);
            lock (_gate)
            {
                _written.AddRange(buffer.Span);
            }
        }
        finally
        {
            WritesEnded++;
        }
    }

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _closed.TrySetResult();
        base.Dispose(disposing);
    }
}
