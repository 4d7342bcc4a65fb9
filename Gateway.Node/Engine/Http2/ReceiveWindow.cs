namespace Gateway.Node.Engine.Http2;

/// <summary>One direction's window of flow control (RFC 9113 5.2) on the side that receives: what the peer may send, and what it is to be allowed anew once enough of it has been dealt with.</summary>
internal struct ReceiveWindow(int size)
{
    private readonly int _half = size / 2;
    private int _left = size;
    private int _done;

    /// <summary>False: the peer has sent more than it may.</summary>
    public bool TryTake(int bytes)
    {
        _left -= bytes;
        return _left >= 0;
    }

    /// <summary>Bytes have been dealt with. Answers how many the peer is to be allowed now; 0: not yet.</summary>
    public int Return(int bytes)
    {
        _done += bytes;
        if (_done < _half)
        {
            return 0;
        }

        var allowed = _done;
        (_left, _done) = (_left + allowed, 0);
        return allowed;
    }
}
