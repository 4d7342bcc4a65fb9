using System.IO.Pipelines;

namespace Gateway.Tests.Wire;

/// <summary>
/// A writer whose flushes complete only when cancelled, and then immediately, on the caller's thread. As with a stream's writer, a cancellation after
/// completion throws.
/// </summary>
internal sealed class CancellingWriter : PipeWriter
{
    private readonly TaskCompletionSource<FlushResult> _flush = new();
    private readonly TaskCompletionSource<Exception?> _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _room = new byte[4096];

    /// <summary>The error passed on completion.</summary>
    public Task<Exception?> Completed => _completed.Task.WaitAsync(RunningLoop.Limit);

    public override void Advance(int bytes)
    {
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _room;

    public override Span<byte> GetSpan(int sizeHint = 0) => _room;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => new(_flush.Task);

    public override void CancelPendingFlush()
    {
        _flush.TrySetResult(new FlushResult(isCanceled: true, isCompleted: false));
        ObjectDisposedException.ThrowIf(_completed.Task.IsCompleted, this);
    }

    public override void Complete(Exception? exception = null) => _completed.TrySetResult(exception);
}
