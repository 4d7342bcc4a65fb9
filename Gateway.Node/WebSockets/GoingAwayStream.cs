namespace Gateway.Node.WebSockets;

/// <summary>
/// The client's end of a WebSocket. Passes bytes on as they are until the process ends; then it puts a close frame with code 1001, "going away",
/// behind the last frame to the client, and behind the last frame from the client, so that the backend gets one too. What is in the middle of a frame
/// then just ends, since nothing can be put there.
/// </summary>
internal sealed class GoingAwayStream : Stream
{
    /// <summary>Unmasked, as servers send it: FIN and opcode 8, length 2, code 1001.</summary>
    private static readonly byte[] ToClient = [0x88, 0x02, 0x03, 0xe9];

    /// <summary>Masked, as clients must; a mask of zeros leaves the code as it is.</summary>
    private static readonly byte[] ToBackend = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe9];

    private readonly Stream _client;
    private readonly Tunnels _tunnels;
    private readonly FrameBoundary _sent = new();
    private readonly FrameBoundary _received = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly CancellationTokenSource _reading = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _either;
    private CancellationToken _reader;
    private bool _goneAway;
    private bool _backendTold;

    public GoingAwayStream(Stream client, Tunnels tunnels)
    {
        (_client, _tunnels) = (client, tunnels);
        tunnels.Add(this);
    }

    /// <summary>Ends when whoever passes the bytes on is done with it.</summary>
    public Task Ended => _ended.Task;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Closes it by 1001 on both sides.</summary>
    public async Task GoAwayAsync()
    {
        try
        {
            await _writing.WaitAsync();
            try
            {
                if (!_goneAway)
                {
                    _goneAway = true;
                    if (_sent is { IsBetweenFrames: true, IsClosed: false })
                    {
                        await _client.WriteAsync(ToClient);
                        await _client.FlushAsync();
                    }
                }
            }
            finally
            {
                _writing.Release();
            }

            await _reading.CancelAsync();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // It has ended by itself meanwhile.
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (!_reading.IsCancellationRequested)
        {
            try
            {
                var read = await _client.ReadAsync(buffer, EitherOf(cancellationToken));
                _received.Follow(buffer.Span[..read]);
                return read;
            }
            catch (OperationCanceledException) when (_reading.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                // The process ends: the backend is told below.
            }
        }

        if (_backendTold || buffer.Length < ToBackend.Length || _received is { IsBetweenFrames: false } or { IsClosed: true })
        {
            return 0;
        }

        _backendTold = true;
        ToBackend.CopyTo(buffer);
        return ToBackend.Length;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (!_goneAway)
            {
                await _client.WriteAsync(buffer, cancellationToken);
                _sent.Follow(buffer.Span);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await _client.FlushAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _tunnels.Remove(this);
        _ended.TrySetResult();
        if (disposing)
        {
            _client.Dispose();
            _either?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Whoever reads does so with the same token again and again, so this is made once.</summary>
    private CancellationToken EitherOf(CancellationToken reader)
    {
        if (_either is null || _reader != reader)
        {
            _either?.Dispose();
            (_either, _reader) = (CancellationTokenSource.CreateLinkedTokenSource(_reading.Token, reader), reader);
        }

        return _either.Token;
    }
}
