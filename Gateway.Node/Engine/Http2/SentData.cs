namespace Gateway.Node.Engine.Http2;

/// <summary>
/// Tracks how much of a stream's sent data its client has yet to take. The connection knows only how far the client has come in all streams' data; data of
/// other streams only lies before or after. A struct of its stream.
/// </summary>
internal struct SentData
{
    private long _own;
    private long _end;

    /// <summary>Called when data has been passed to the connection.</summary>
    /// <param name="written">Its end in everything the connection has sent.</param>
    public void Add(int bytes, long written) => (_own, _end) = (_own + bytes, written);

    /// <summary>An upper bound of the bytes not taken: data taken between other streams' data is known once everything before it was taken.</summary>
    /// <param name="taken">The client's position in everything it was sent.</param>
    public int Left(long taken)
    {
        _own = Math.Clamp(_end - taken, 0, _own);
        return (int)Math.Min(_own, int.MaxValue);
    }
}
