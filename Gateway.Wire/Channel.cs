namespace Gateway.Wire;

/// <summary>
/// One connection, whatever its transport. Used by its loop's thread only. Not to be used after <see cref="Close"/>.
/// </summary>
public abstract class Channel : Timed
{
    private protected Channel(EventLoop loop)
        : base(loop)
    {
    }

    /// <summary>The receiver of its events.</summary>
    public IChannelHandler Handler { get; set; } = null!;

    /// <summary>The bytes given to <see cref="Send(ReadOnlySpan{byte})"/> that the system has not accepted yet.</summary>
    public abstract int Backlog { get; }

    /// <summary>The bytes sent that the peer has not acknowledged: the backlog, and the system's send queue if known. Costs a system call.</summary>
    public virtual int Untaken => Backlog;

    public abstract bool IsClosed { get; }

    /// <summary>Whether received data, or the peer's end, has not been passed to the handler yet. False if only the system knows.</summary>
    public virtual bool HasUnread => false;

    /// <summary>The reason for a failed connect, if there is more than an error number.</summary>
    public virtual Exception? Cause => null;

    /// <summary>Whether the peer's end came without notice, which only TLS can tell: the received data may be incomplete.</summary>
    public virtual bool IsCutShort => false;

    /// <summary>Sends bytes in order; bytes that the system does not accept at once are buffered and sent later.</summary>
    /// <returns>False if bytes are buffered: the caller should send no more until <see cref="IChannelHandler.OnDrained"/>.</returns>
    public abstract bool Send(ReadOnlySpan<byte> bytes);

    /// <summary>Sends two spans in one system call.</summary>
    public abstract bool Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second);

    /// <summary>Stops receiving until <see cref="Resume"/>, which slows the peer down.</summary>
    public abstract void Pause();

    public abstract void Resume();

    /// <summary>Ends sending once all buffered bytes are sent.</summary>
    public abstract void EndSending();

    /// <summary>Closes at once. Buffered bytes are lost.</summary>
    public abstract void Close();

    /// <summary>Closes at once with a reset, so that the peer knows its data is incomplete.</summary>
    public abstract void Reset();

    /// <summary>Moves an idle connection to another loop. This channel ends, and its handler gets no further calls.</summary>
    /// <param name="arrived">Called on that loop with the connection's new channel, or with null if the connection has ended meanwhile.</param>
    public abstract void MoveTo(EventLoop target, Action<Channel?> arrived);

    /// <summary>Ends the channel after its handler has thrown.</summary>
    internal abstract void Abandon();

    /// <summary>Releases the transport. The loop has processed all events that may refer to it.</summary>
    internal abstract void Release();

    internal override void OnDue() => Handler.OnDeadline();
}
