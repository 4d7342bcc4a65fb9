using System.Buffers;
using System.IO.Pipelines;

namespace Gateway.Wire;

/// <summary>Sending: into the pipe while it accepts data; otherwise data is buffered.</summary>
internal sealed partial class PipeChannel
{
    private bool CanSend => IsOpen && !_outputEnded;

    /// <summary>Whether bytes must queue behind earlier ones.</summary>
    private bool MustKeep => !_isConnected || _flushing.IsPending || !_backlog.IsEmpty;

    public override bool Send(ReadOnlySpan<byte> bytes)
    {
        if (!CanSend || bytes.IsEmpty)
        {
            return Backlog == 0;
        }

        if (MustKeep)
        {
            _backlog.Append(Loop.Blocks, bytes);
            return false;
        }

        _output.Write(bytes);
        return Flush(bytes.Length);
    }

    public override bool Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (!CanSend || MustKeep)
        {
            return Send(first) & Send(second);
        }

        _output.Write(first);
        _output.Write(second);
        return Flush(first.Length + second.Length);
    }

    public override void EndSending()
    {
        _endSending = true;
        EndOutputIfSent();
    }

    /// <summary>Flushes written bytes; false if the flush is pending.</summary>
    private bool Flush(int bytes)
    {
        try
        {
            var flush = _output.FlushAsync();
            if (!flush.IsCompletedSuccessfully)
            {
                _flushing.Begin();
                _unflushed = bytes;
                _ = FlushAsync(flush);
                return false;
            }

            _flush = flush.Result;
        }
#pragma warning disable CA1031 // Any exception: nothing more can be sent.
        catch (Exception)
#pragma warning restore CA1031
        {
            _flush = new FlushResult(isCanceled: false, isCompleted: true);
        }

        EndFlush();
        return true;
    }

    private async Task FlushAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            _flush = await flush.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Any exception: nothing more can be sent.
        catch (Exception)
#pragma warning restore CA1031
        {
            _flush = new FlushResult(isCanceled: false, isCompleted: true);
        }

        if (_flushing.TryComplete())
        {
            Loop.Post(_onFlushed);
        }
        else
        {
            CompleteOutput(isCut: true);
        }
    }

    /// <summary>Handles the completion of a pending flush.</summary>
    private void OnFlushed()
    {
        if (_closed)
        {
            return;
        }

        _flushing.End();
        _unflushed = 0;
        EndFlush();
        if (_backlog.IsEmpty)
        {
            OnSent();
        }
        else
        {
            SendBacklog();
        }
    }

    private void EndFlush()
    {
        if (_flush.IsCompleted && IsOpen)
        {
            _isCut = true;
            _failure = Libc.BrokenPipe; // Data received before can still be read; its end reports this.
            if (_ended)
            {
                Loop.Post(() => Fail(_failure));
            }
        }
    }

    private void SendBacklog()
    {
        var length = IsOpen ? _backlog.Length : 0;
        for (var block = _backlog.First; length > 0 && block is not null; block = block.Next)
        {
            _output.Write(block.Used);
        }

        _backlog.Clear(Loop.Blocks);
        if (length > 0 && Flush(length))
        {
            OnSent();
        }
    }

    /// <summary>Called when all buffered bytes are sent.</summary>
    private void OnSent()
    {
        EndOutputIfSent();
        if (IsOpen)
        {
            Loop.Tell(this, Readiness.Output);
        }
    }

    private void EndOutputIfSent()
    {
        if (_endSending && CanSend && !MustKeep)
        {
            _outputEnded = true;
            _connection!.EndSending();
            EndIfBothHave();
        }
    }

    /// <summary>Closes the connection once both directions have ended normally.</summary>
    private void EndIfBothHave()
    {
        if (_ended && _outputEnded && IsOpen)
        {
            Loop.Post(() => Fail(0));
        }
    }

    /// <param name="isCut">Whether the written data is incomplete, which the other end must see.</param>
    private void CompleteOutput(bool isCut) => _output.Complete(isCut ? new IOException("the connection was closed before everything was sent") : null);
}
