namespace Gateway.Node.Engine.Http2;

/// <summary>One direction's window of flow control, of a stream or of a connection (RFC 9113 5.2), on the side that sends. It may become negative when the peer makes it smaller.</summary>
internal struct SendWindow(int size)
{
    public int Left { get; private set; } = size;

    /// <summary>False: the window would be larger than there may be one.</summary>
    public bool TryAdd(int bytes)
    {
        var left = (long)Left + bytes;
        if (left > int.MaxValue)
        {
            return false;
        }

        Left = (int)left;
        return true;
    }

    public void Take(int bytes) => Left -= bytes;
}
