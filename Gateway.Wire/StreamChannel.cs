namespace Gateway.Wire;

/// <summary>
/// A channel that is a part of another one, as a stream of HTTP/2 is of its connection: it has no socket and no events of its own, whoever carries it tells its handler.
/// It counts as no connection of its loop.
/// </summary>
public abstract class StreamChannel : Channel
{
    protected StreamChannel(EventLoop loop)
        : base(loop)
    {
    }

    public sealed override void MoveTo(EventLoop target, Action<Channel?> arrived) =>
        throw new NotSupportedException("a stream stays on the loop of its connection");

    /// <summary>What handles it has thrown: it is to be closed, and its handler told.</summary>
    protected abstract void OnAbandoned();

    /// <summary>It has no deadline any more, and the loop forgets it.</summary>
    protected void ForgetDeadline()
    {
        Deadline = 0;
        Loop.Wheel.Remove(this);
    }

    internal sealed override void Abandon() => OnAbandoned();

    internal sealed override void Release()
    {
    }
}
