namespace Gateway.Wire;

/// <summary>Sending, and buffering until the system accepts more.</summary>
internal sealed unsafe partial class EpollChannel
{
    public override bool Send(ReadOnlySpan<byte> bytes)
    {
        if (_closed || _failure != 0 || bytes.IsEmpty)
        {
            return _backlog.IsEmpty;
        }

        if (_connecting || !_backlog.IsEmpty)
        {
            _backlog.Append(Loop.Blocks, bytes);
            return false;
        }

        var sent = Sockets.Send(_descriptor, bytes, []);
        return sent == bytes.Length || Keep(sent, bytes, []);
    }

    public override bool Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (first.IsEmpty || second.IsEmpty || _closed || _failure != 0 || _connecting || !_backlog.IsEmpty)
        {
            return Send(first) & Send(second);
        }

        var sent = Sockets.Send(_descriptor, first, second);
        return sent == first.Length + second.Length || Keep(sent, first, second);
    }

    public override void EndSending()
    {
        _endSending = true;
        if (_backlog.IsEmpty && !_connecting && !_closed && _failure == 0)
        {
            _ = Libc.Shutdown(_descriptor, Libc.ShutdownWrite);
        }
    }

    private bool Keep(nint sent, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (sent < 0)
        {
            if (Libc.Error is var error and not (Libc.TryAgain or Libc.Interrupted))
            {
                _failure = error; // Data received before can still be read; then the error event reports this.
                return true;
            }

            sent = 0;
        }

        var ofFirst = (int)Math.Min(sent, first.Length);
        _backlog.Append(Loop.Blocks, first[ofFirst..]);
        _backlog.Append(Loop.Blocks, second[(int)(sent - ofFirst)..]);
        Watch();
        return false;
    }

    private void Flush()
    {
        var vectors = stackalloc Libc.IoVector[MaxVectors];
        while (!_backlog.IsEmpty)
        {
            var count = 0;
            for (var block = _backlog.First; block is not null && count < MaxVectors; block = block.Next)
            {
                vectors[count++] = new() { Base = block.Memory + block.Start, Length = (nuint)block.Length };
            }

            var message = new Libc.MessageHeader { Vectors = vectors, Count = (nuint)count };
            var sent = Libc.SendMessage(_descriptor, &message, Libc.NoSignal);
            if (sent < 0)
            {
                if (Libc.Error is var error and not (Libc.TryAgain or Libc.Interrupted))
                {
                    _failure = error;
                    _backlog.Clear(Loop.Blocks);
                    Watch();
                }

                return;
            }

            var whole = sent == _backlog.Length;
            _backlog.Consume(Loop.Blocks, (int)sent);
            if (!whole && sent < EventLoop.ReceiveSize)
            {
                return;
            }
        }

        Watch();
        if (_endSending)
        {
            _ = Libc.Shutdown(_descriptor, Libc.ShutdownWrite);
        }

        Handler.OnDrained();
    }
}
