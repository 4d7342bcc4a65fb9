namespace Gateway.Wire;

/// <summary>
/// Waits for the events of one loop, and creates channels for its sockets. Used by the loop's thread only, except for <see cref="Wake"/>, and for the constructor
/// and <see cref="Dispose"/>, before and after that thread runs.
/// </summary>
internal abstract class EventSource : IDisposable
{
    /// <summary>Watches descriptors other than channels.</summary>
    public virtual Poller Poller => throw new NotSupportedException("a portable loop does not support descriptors");

    /// <param name="receiveBuffers">The number of receive buffers on io_uring.</param>
    public static EventSource Create(LoopKind kind, EventLoop loop, bool isChecked, int receiveBuffers) => kind switch
    {
        LoopKind.Epoll => new EpollSource(loop),
        LoopKind.Uring => new UringSource(loop, isChecked, receiveBuffers),
        _ => new ParkingSource(loop),
    };

    /// <summary>Called at the start of the loop's thread.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>Waits for an event, or until the timeout.</summary>
    /// <param name="milliseconds">Negative for no timeout.</param>
    public abstract void Wait(int milliseconds);

    /// <summary>Dispatches the events of the wait.</summary>
    public abstract void Dispatch();

    /// <summary>Ends the current wait, or else the next one. Any thread.</summary>
    public abstract void Wake();

    /// <summary>Starts a connect; the handler is notified of the result.</summary>
    /// <param name="address">The system's form.</param>
    public abstract Channel Connect(ReadOnlySpan<byte> address, IChannelHandler handler);

    /// <summary>Adopts a connected, non-blocking socket.</summary>
    public abstract Channel Adopt(int descriptor);

    /// <summary>Called when every channel of the loop is closed. Returns once the system no longer uses any of their memory.</summary>
    public virtual void End()
    {
    }

    public abstract void Dispose();
}
