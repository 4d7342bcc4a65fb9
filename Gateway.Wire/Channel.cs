namespace Gateway.Wire;

/// <summary>
/// One connection, whatever carries it. To be used by the thread of its loop alone. After <see cref="Close"/> it is forgotten: its owner drops it.
/// </summary>
public abstract class Channel : Timed
{
    private protected Channel(EventLoop loop)
        : base(loop)
    {
    }

    /// <summary>Who is told what happens.</summary>
    public IChannelHandler Handler { get; set; } = null!;

    /// <summary>Bytes that were given to <see cref="Send(ReadOnlySpan{byte})"/> and not yet taken by the system.</summary>
    public abstract int Backlog { get; }

    /// <summary>Bytes that were sent and that the peer has not taken: the backlog, and what the system holds where it tells. Costs a call to the system.</summary>
    public virtual int Untaken => Backlog;

    public abstract bool IsClosed { get; }

    /// <summary>Whether more has been received, the peer's end among it, than its handler has been told of yet. False where only the system knows.</summary>
    public virtual bool HasUnread => false;

    /// <summary>Why it did not come about, where there is more to say than an error number.</summary>
    public virtual Exception? Cause => null;

    /// <summary>Whether the peer's end came without its word for it, as only TLS can tell: what was received may not be all.</summary>
    public virtual bool IsCutShort => false;

    /// <summary>Sends bytes, in order; what the system does not take at once is kept and sent later.</summary>
    /// <returns>False when something is kept: the caller should bring no more until <see cref="IChannelHandler.OnDrained"/>.</returns>
    public abstract bool Send(ReadOnlySpan<byte> bytes);

    /// <summary>The same of two stretches, in one call to the system.</summary>
    public abstract bool Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second);

    /// <summary>Receives nothing until <see cref="Resume"/>; the peer is slowed down.</summary>
    public abstract void Pause();

    public abstract void Resume();

    /// <summary>Tells the peer that no more is sent, once all that was kept has been.</summary>
    public abstract void EndSending();

    /// <summary>Closes now. What was kept is lost.</summary>
    public abstract void Close();

    /// <summary>Closes now, with a reset: the peer sees that what it got is not all.</summary>
    public abstract void Reset();

    /// <summary>Hands an idle connection to another loop. The channel is over, and its handler is told nothing more.</summary>
    /// <param name="arrived">Called on that loop, with the connection's channel there; with null when it has ended on the way.</param>
    public abstract void MoveTo(EventLoop target, Action<Channel?> arrived);

    /// <summary>What handles it has thrown: it is over.</summary>
    internal abstract void Abandon();

    /// <summary>Gives back what carries it. The loop has dealt with all events that may name it.</summary>
    internal abstract void Release();

    internal override void OnDue() => Handler.OnDeadline();
}
