using System.IO.Pipelines;

namespace Gateway.Node.Hosting;

/// <summary>
/// A client's connection that reports its end only after everything before it has been read. The server would take a complete body for an incomplete one if it
/// saw the end of the connection with it.
/// </summary>
/// <remarks>
/// A read that has to wait is passed on unchanged, at no cost: it waits only after everything has been read, so an end that completes it is in the middle of a
/// request, or between two.
/// </remarks>
internal sealed class HalfClosedPipe(IDuplexPipe transport) : PipeReader, IDuplexPipe
{
    private readonly PipeReader _input = transport.Input;
    private ReadResult _result;
    private long _seen;

    public PipeReader Input => this;

    public PipeWriter Output => transport.Output;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var reading = _input.ReadAsync(cancellationToken);
        return reading.IsCompletedSuccessfully ? new(Take(reading.Result)) : reading;
    }

    public override bool TryRead(out ReadResult result)
    {
        var read = _input.TryRead(out result);
        if (read)
        {
            result = Take(result);
        }

        return read;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _seen = _result.IsCompleted ? _result.Buffer.Slice(consumed, examined).Length : 0;
        _result = default;
        _input.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => _input.CancelPendingRead();

    public override void Complete(Exception? exception = null) => _input.Complete(exception);

    private ReadResult Take(ReadResult result)
    {
        if (!result.IsCompleted)
        {
            return result;
        }

        _result = result;
        return result.Buffer.Length > _seen ? new(result.Buffer, result.IsCanceled, isCompleted: false) : result;
    }
}
