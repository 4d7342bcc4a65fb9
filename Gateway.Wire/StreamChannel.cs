namespace Gateway.Wire;

/// <summary>
/// A channel within another one, such as a stream of an HTTP/2 connection: it has no socket and no events of its own; the carrying connection calls its handler.
/// It is not counted as a connection of its loop.
/// </summary>
public abstract class StreamChannel : Channel
{
    protected StreamChannel(EventLoop loop)
        : base(loop)
    {
    }

    public sealed override void MoveTo(EventLoop target, Action<Channel?> arrived) =>
        throw new NotSupportedException("a stream cannot move to another loop");

    /// <summary>Closes it and tells its handler, after that handler has thrown.</summary>
    protected abstract void OnAbandoned();

    /// <summary>Clears its deadline, so that the loop forgets it.</summary>
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
