namespace Gateway.Node.Engine.Http2;

/// <summary>
/// How much of a stream's data its client has yet to take of what has gone to the connection, which knows of all streams together only how far the client has come. Others' data counts for nothing but that
/// it is taken before or behind. A struct of its stream.
/// </summary>
internal struct SentData
{
    private long _own;
    private long _end;

    /// <summary>Data has gone to the connection.</summary>
    /// <param name="written">Where it ends in all that the connection has sent.</param>
    public void Add(int bytes, long written) => (_own, _end) = (_own + bytes, written);

    /// <summary>Bytes that are not taken, at most: what was taken between others' data is known once all before it was.</summary>
    /// <param name="taken">How far the client has come in all that it was sent.</param>
    public int Left(long taken)
    {
        _own = Math.Clamp(_end - taken, 0, _own);
        return (int)Math.Min(_own, int.MaxValue);
    }
}
