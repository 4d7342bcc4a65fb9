namespace Gateway.Wire;

/// <summary>
/// What one loop waits on, and what makes channels of the sockets it is given. Used by the loop's thread alone, but for <see cref="Wake"/>, and for its making and
/// <see cref="Dispose"/>, before and after that thread runs.
/// </summary>
internal abstract class EventSource : IDisposable
{
    /// <summary>Watches descriptors that are no channels.</summary>
    public virtual Poller Poller => throw new NotSupportedException("a portable loop watches no descriptors");

    /// <param name="receiveBuffers">Of a loop on io_uring.</param>
    public static EventSource Create(LoopKind kind, EventLoop loop, bool isChecked, int receiveBuffers) => kind switch
    {
        LoopKind.Epoll => new EpollSource(loop),
        LoopKind.Uring => new UringSource(loop, isChecked, receiveBuffers),
        _ => new ParkingSource(loop),
    };

    /// <summary>The loop's thread begins.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>Waits for an event, or until the time is up.</summary>
    /// <param name="milliseconds">Negative: for as long as it takes.</param>
    public abstract void Wait(int milliseconds);

    /// <summary>Tells what the wait has brought.</summary>
    public abstract void Dispatch();

    /// <summary>Ends the wait under way, or else the next one. By any thread.</summary>
    public abstract void Wake();

    /// <summary>Begins to connect; the handler is told what comes of it.</summary>
    /// <param name="address">As the system has it.</param>
    public abstract Channel Connect(ReadOnlySpan<byte> address, IChannelHandler handler);

    /// <summary>Takes over a connected socket that does not block.</summary>
    public abstract Channel Adopt(int descriptor);

    /// <summary>Every channel of the loop is closed. Returns once the system uses nothing of theirs any more.</summary>
    public virtual void End()
    {
    }

    public abstract void Dispose();
}
