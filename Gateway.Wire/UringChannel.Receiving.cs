namespace Gateway.Wire;

/// <summary>Receiving: one operation at a time, which holds no buffer until data arrives.</summary>
internal sealed partial class UringChannel
{
    /// <summary>The data received while the channel was paused.</summary>
    private ByteChain _held;

    private bool _receiving;
    private bool _hasMore;
    private bool _isDeliveryPosted;
    private bool _paused;
    private bool _ended;

    public override void Pause() => _paused = true;

    public override void Resume()
    {
        if (_paused)
        {
            _paused = false;
            Continue();
        }
    }

    private void PrepareReceive()
    {
        if (!_receiving && !_paused && !_ended && !_closed && !IsMoving && _held.IsEmpty)
        {
            _receiving = true;
            source.Receive(_descriptor, _token, _hasMore);
        }
    }

    private void OnReceived(in Completion completion)
    {
        _receiving = false;
        _hasMore = completion.HasMore;
        var (result, buffer) = (completion.Result, completion.Buffer);
        if (buffer >= 0)
        {
            Accept(buffer, result);
        }

        if (_closed)
        {
            return;
        }

        if (IsMoving)
        {
            Move(isUntouched: result == -Libc.Canceled);
            return;
        }

        if (result == 0)
        {
            OnPeerEnd();
        }
        else if (result == -Libc.NoBuffers)
        {
            source.Starved++; // All are given back by the end of the turn.
        }
        else if (result < 0 && -result is not (Libc.Canceled or Libc.TryAgain or Libc.Interrupted))
        {
            OnReceiveFailed(-result);
        }

        Continue();
    }

    /// <summary>Passes on the data in a buffer, or keeps it, and gives the buffer back.</summary>
    private void Accept(int buffer, int received)
    {
        try
        {
            var bytes = source.Buffers.Take(buffer, Math.Max(received, 0));
            if (_closed || bytes.IsEmpty)
            {
                return;
            }

            if (_paused || IsMoving)
            {
                _held.Append(Loop.Blocks, bytes);
            }
            else
            {
                Handler.OnReceived(bytes);
            }
        }
        finally
        {
            source.Buffers.Give(buffer, Math.Max(received, 0));
        }
    }

    private void OnPeerEnd()
    {
        if (_paused)
        {
            return; // The receive after the resumption meets it again.
        }

        if (_failure != 0)
        {
            Fail(_failure); // A send met the reset, or it came while paused.
            return;
        }

        _ended = true;
        Handler.OnEnd();
        if (!_closed)
        {
            _watched = source.Poller.TryAdd(_descriptor, _token, Readiness.None);
        }
    }

    private void OnReceiveFailed(int error)
    {
        if (_paused)
        {
            _failure = error;
        }
        else
        {
            Fail(error);
        }
    }

    /// <summary>Continues receiving at the end of the turn; kept data comes first.</summary>
    private void Continue()
    {
        if (_closed || _paused)
        {
            return;
        }

        if (_held.IsEmpty)
        {
            List();
        }
        else if (!_isDeliveryPosted)
        {
            _isDeliveryPosted = true;
            Loop.Post(() => Loop.Guard(static (channel, _) => channel.DeliverHeld(), this, 0));
        }
    }

    private void DeliverHeld()
    {
        _isDeliveryPosted = false;
        while (!_closed && !_paused && !IsMoving && _held.TakeFirst() is { } block)
        {
            try
            {
                Handler.OnReceived(block.Used);
            }
            finally
            {
                Loop.Blocks.Return(block);
            }
        }

        Continue();
    }
}
