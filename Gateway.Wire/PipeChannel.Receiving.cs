using System.IO.Pipelines;

namespace Gateway.Wire;

/// <summary>Receiving: one segment of the pipe at a time, and nothing while paused.</summary>
internal sealed partial class PipeChannel
{
    private void AskToReceive()
    {
        if (!_asked && !_reading.IsPending)
        {
            _asked = true;
            Loop.Post(_onAsked);
        }
    }

    private void OnAsked()
    {
        _asked = false;
        Loop.Tell(this, Readiness.Input);
    }

    /// <summary>Passes on available data; beyond a fair share the rest waits for the next turn.</summary>
    private void Receive()
    {
        var share = EventLoop.ReceiveSize;
        while (!_closed && !_paused && !_ended && !_reading.IsPending && _target is null)
        {
            if (share <= 0)
            {
                AskToReceive();
                return;
            }

            if (_isBroken)
            {
                Fail(Libc.ConnectionReset);
                return;
            }

            if (!_hasRead && !TryRead())
            {
                return;
            }

            share -= Take();
        }
    }

    /// <summary>Reads available data. A pipe whose other end broke off throws at once.</summary>
    private bool TryRead()
    {
        try
        {
            var read = _input.ReadAsync();
            if (!read.IsCompletedSuccessfully)
            {
                _reading.Begin();
                _ = ReadAsync(read);
                return false;
            }

            (_read, _hasRead) = (read.Result, true);
            return true;
        }
#pragma warning disable CA1031 // Any exception: nothing more can be read, and the handler is notified.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Reported below.
        }

        Fail(Libc.ConnectionReset);
        return false;
    }

    private async Task ReadAsync(ValueTask<ReadResult> read)
    {
        try
        {
            _read = await read.ConfigureAwait(false);
            _hasRead = true;
        }
#pragma warning disable CA1031 // Any exception: nothing more can be read, and the handler is notified.
        catch (Exception)
#pragma warning restore CA1031
        {
            _isBroken = true;
        }

        if (_reading.TryComplete())
        {
            Loop.Post(_onRead);
        }
        else
        {
            _input.Complete();
        }
    }

    /// <summary>Handles the completion of a pending read. While the channel is paused its result is kept.</summary>
    private void OnRead()
    {
        if (_closed)
        {
            return;
        }

        _reading.End();
        if (_target is null)
        {
            Loop.Tell(this, Readiness.Input);
        }
        else
        {
            Move();
        }
    }

    /// <summary>Passes on the first segment that was read and returns its length.</summary>
    private int Take()
    {
        _hasRead = false;
        var buffer = _read.Buffer;
        var bytes = buffer.FirstSpan;
        if (bytes.IsEmpty)
        {
            _input.AdvanceTo(buffer.End);
            if (_read.IsCompleted)
            {
                OnPeerEnd();
            }

            return 0;
        }

        _isTakingPart = _read.IsCompleted || bytes.Length < buffer.Length;
        try
        {
            Handler.OnReceived(bytes);
        }
        finally
        {
            _isTakingPart = false;
            _input.AdvanceTo(buffer.GetPosition(bytes.Length));
        }

        return bytes.Length;
    }

    private void OnPeerEnd()
    {
        if (_failure != 0)
        {
            Fail(_failure);
            return;
        }

        _ended = true;
        Handler.OnEnd();
        EndIfBothHave();
    }
}
