namespace Gateway.Wire;

/// <summary>Waits on a monitor, on any system, until the loop is woken or the timeout. All connections use pipes.</summary>
internal sealed class ParkingSource(EventLoop loop) : EventSource
{
    private readonly object _gate = new(); // A Monitor lock: a Lock cannot be waited on.
    private bool _woken;

    public override void Wait(int milliseconds)
    {
        lock (_gate)
        {
            if (!_woken && milliseconds != 0)
            {
                Monitor.Wait(_gate, Math.Max(Timeout.Infinite, milliseconds));
            }

            _woken = false;
        }
    }

    public override void Dispatch()
    {
    }

    public override void Wake()
    {
        lock (_gate)
        {
            _woken = true;
            Monitor.Pulse(_gate);
        }
    }

    public override Channel Connect(ReadOnlySpan<byte> address, IChannelHandler handler)
    {
        var native = address.ToArray();
        return loop.Connect(cancellation => SocketConnection.ConnectAsync(native, cancellation), handler);
    }

    public override Channel Adopt(int descriptor) => throw new NotSupportedException("a portable loop does not support descriptors");

    public override void Dispose()
    {
    }
}
