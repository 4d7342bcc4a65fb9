using System.Buffers;
using System.IO.Pipelines;

namespace Gateway.Wire;

/// <summary>Sending: into the pipe as long as it takes what it gets, and what is kept until it does again.</summary>
internal sealed partial class PipeChannel
{
    public override bool Send(ReadOnlySpan<byte> bytes)
    {
        if (!IsOpen || bytes.IsEmpty)
        {
            return Backlog == 0;
        }

        if (_isFlushing || _connecting is not null || !_backlog.IsEmpty)
        {
            _backlog.Append(Loop.Blocks, bytes);
            return false;
        }

        _output.Write(bytes);
        return Flush(bytes.Length);
    }

    public override bool Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (!IsOpen || _isFlushing || _connecting is not null || !_backlog.IsEmpty)
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
        CompleteOutput();
    }

    /// <summary>Has what was written taken; false: that takes a while.</summary>
    private bool Flush(int bytes)
    {
        try
        {
            var flush = _output.FlushAsync();
            if (!flush.IsCompletedSuccessfully)
            {
                (_isFlushing, _flushing) = (true, bytes);
                _ = FlushAsync(flush);
                return false;
            }

            _flush = flush.Result;
        }
        catch (Exception error) when (IsEnd(error))
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
        catch (Exception error) when (IsEnd(error))
        {
            _flush = new FlushResult(isCanceled: false, isCompleted: true);
        }

        Loop.Post(_onFlushed);
    }

    /// <summary>A flush has completed that was waited for.</summary>
    private void OnFlushed()
    {
        (_isFlushing, _flushing) = (false, 0);
        EndFlush();
        if (_closed)
        {
            EndOutput();
        }
        else if (_backlog.IsEmpty)
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
        if (_flush.IsCompleted && !_closed && _failure == 0)
        {
            _failure = Libc.BrokenPipe; // What was received before is still to be read; its end tells.
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

    /// <summary>All that was kept has been taken.</summary>
    private void OnSent()
    {
        CompleteOutput();
        if (!_closed)
        {
            Loop.Tell(this, Readiness.Output);
        }
    }

    private void CompleteOutput()
    {
        if (_endSending && !_isFlushing && IsOpen && _connecting is null)
        {
            _output.Complete();
        }
    }

    private void EndOutput() => _output.Complete(_reset ? new IOException("the connection was reset") : null);
}
