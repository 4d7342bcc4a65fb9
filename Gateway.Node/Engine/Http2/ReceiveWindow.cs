namespace Gateway.Node.Engine.Http2;

/// <summary>
/// The receiver's side of a flow control window (RFC 9113 5.2): what the peer may send, and the increment it gets once enough data has been processed.
/// </summary>
internal struct ReceiveWindow(int size)
{
    private readonly int _half = size / 2;
    private int _left = size;
    private int _done;

    /// <summary>Takes bytes. False if the peer has sent more than allowed.</summary>
    public bool TryTake(int bytes)
    {
        _left -= bytes;
        return _left >= 0;
    }

    /// <summary>Marks bytes as processed. Returns the increment for the peer; 0: not yet, as it has more than half of its window left.</summary>
    public int Return(int bytes)
    {
        _done += bytes;
        if (_done < _half && _left > _half)
        {
            return 0;
        }

        var allowed = _done;
        (_left, _done) = (_left + allowed, 0);
        return allowed;
    }
}
