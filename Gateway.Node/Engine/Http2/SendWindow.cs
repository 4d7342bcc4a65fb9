namespace Gateway.Node.Engine.Http2;

/// <summary>
/// The sender's side of a flow control window, of a stream or a connection (RFC 9113 5.2). It may become negative when the peer makes it smaller.
/// </summary>
internal struct SendWindow(int size)
{
    public int Left { get; private set; } = size;

    /// <summary>Widens the window. False if it would exceed the maximum.</summary>
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
