namespace Gateway.Wire;

/// <summary>
/// Sending. On a gathering loop, small sends are copied into blocks, and the ring sends them with the call that waits: for the owner they count as sent, and they go out even
/// if the channel is closed meanwhile. Otherwise data is sent at once, without a copy. After the system refuses bytes the channel is blocked until all are sent.
/// </summary>
internal sealed partial class UringChannel
{
    /// <summary>The size up to which a copy is cheaper than a call, in bytes.</summary>
    private const int MaxCopied = 16 * 1024;

    /// <summary>The amount of small sends gathered before the owner must wait.</summary>
    private const int MaxGathered = 64 * 1024;

    /// <summary>The time to keep sending accepted bytes after the channel is closed.</summary>
    private const int LingerMilliseconds = 30_000;

    /// <summary>The bytes yet to be sent, those in flight first.</summary>
    private ByteChain _kept;
    private int _underWay;
    private bool _sending;
    private bool _isFull;
    private bool _blocked;
    private bool _endSending;
    private bool _isReset;
    private bool _isLingering;
    private bool _isLingerTimed;

    public override int Backlog => _blocked || _connecting ? _kept.Length : 0;

    public override int Untaken => _kept.Length + (_closed ? 0 : Sockets.Unacknowledged(_descriptor));

    private bool CanSend => !_closed && _failure == 0;

    public override bool Send(ReadOnlySpan<byte> bytes) => Send(bytes, []);

    public override bool Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var length = first.Length + second.Length;
        if (!CanSend || length == 0)
        {
            return Backlog == 0;
        }

        if ((length > MaxCopied || !source.Gathers) && _kept.IsEmpty && !_connecting)
        {
            return SendNow(first, second);
        }

        Keep(first, second);
        _blocked |= _connecting || _kept.Length > MaxGathered;
        return !_blocked;
    }

    public override void EndSending()
    {
        _endSending = true;
        EndSendingIfSent();
    }

    private bool SendNow(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var sent = first.IsEmpty ? Sockets.Send(_descriptor, second, []) : Sockets.Send(_descriptor, first, second);
        if (sent == first.Length + second.Length)
        {
            return true;
        }

        if (sent < 0)
        {
            if (Libc.Error is var error and not (Libc.TryAgain or Libc.Interrupted))
            {
                _failure = error; // Data received before can still be read; its end reports this.
                return true;
            }

            sent = 0;
        }

        var ofFirst = (int)Math.Min(sent, first.Length);
        Keep(first[ofFirst..], second[(int)(sent - ofFirst)..]);
        _blocked = true;
        return false;
    }

    private void Keep(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        _kept.Append(Loop.Blocks, first);
        _kept.Append(Loop.Blocks, second);
        List();
    }

    private void PrepareSend()
    {
        if (!_sending && _kept.First is { } first)
        {
            _sending = true;
            _underWay = source.Send(_descriptor, _token, first, _isFull);
        }
    }

    private void OnSent(int result)
    {
        _sending = false;
        _isFull = result < _underWay;
        if (result >= 0)
        {
            _kept.Consume(Loop.Blocks, result);
        }
        else if (-result is not (Libc.TryAgain or Libc.Interrupted))
        {
            _kept.Clear(Loop.Blocks);
            _failure = _closed ? _failure : -result; // Data received before can still be read; its end reports this.
            _blocked = false;
            return;
        }

        if (_closed)
        {
            ContinueAfterClose();
        }
        else if (!_kept.IsEmpty)
        {
            _blocked |= _isFull;
            List();
        }
        else
        {
            EndSendingIfSent();
            if (_blocked)
            {
                _blocked = false;
                Handler.OnDrained();
            }
        }
    }

    private void EndSendingIfSent()
    {
        if (_endSending && CanSend && !_connecting && _kept.IsEmpty)
        {
            _ = Libc.Shutdown(_descriptor, Libc.ShutdownWrite);
        }
    }

    /// <summary>On close, drops the bytes that the system refused, and no others. Bytes in flight stay until their operation completes.</summary>
    private void KeepAcceptedBytes()
    {
        _isLingering = !_blocked && !_connecting && !_isReset && _failure == 0 && !_kept.IsEmpty;
        if (!_isLingering && !_sending)
        {
            _kept.Clear(Loop.Blocks);
        }
    }

    private void ContinueAfterClose()
    {
        if (!_isLingering)
        {
            _kept.Clear(Loop.Blocks);
        }
        else if (!_kept.IsEmpty)
        {
            List();
            if (!_isLingerTimed)
            {
                _isLingerTimed = true;
                Loop.After(LingerMilliseconds, StopLingering);
            }
        }
    }

    private void StopLingering()
    {
        _isLingering = false;
        ReleaseSending();
        if (!_sending)
        {
            _kept.Clear(Loop.Blocks);
            TryEnd();
        }
    }

    private void ReleaseSending()
    {
        if (_sending && !_isLingering)
        {
            source.Cancel(UringOperation.Send, _token);
        }
    }
}
