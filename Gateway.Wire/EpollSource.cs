using System.Runtime.InteropServices;

namespace Gateway.Wire;

/// <summary>Waits by epoll, with an eventfd for posts.</summary>
internal sealed unsafe class EpollSource : EventSource, IPollTarget
{
    private readonly EventLoop _loop;
    private readonly int _wake;
    private EventCoalescing _coalescing;
    private long _turn;
    private int _ready;

    public EpollSource(EventLoop loop)
    {
        _loop = loop;
        Poller = new Poller();
        ReceiveBuffer = (byte*)NativeMemory.AlignedAlloc(EventLoop.ReceiveSize, 4096);
        _wake = Libc.CreateEvent(0, Libc.NonBlocking | Libc.CloseOnExec);
        if (_wake < 0 || !Poller.TryAdd(_wake, loop.Register(this), Readiness.Input))
        {
            throw new WireException("eventfd", Libc.Error);
        }
    }

    public override Poller Poller { get; }

    /// <summary>The buffer for received data; valid until the next receive.</summary>
    public byte* ReceiveBuffer { get; }

    public override void Begin() => Libc.SleepExactly();

    public override void Wait(int milliseconds)
    {
        _coalescing.Count(_ready, _loop.MicrosecondsSince(_turn));
        _turn = _loop.Timestamp;
        if (milliseconds != 0 && _coalescing.ShouldPause(_loop.Exchanges))
        {
            Libc.Pause(EventCoalescing.Pause);
        }

        _ready = Poller.Wait(milliseconds);
    }

    public override void Dispatch() => _loop.Tell(Poller, _ready);

    public override void Wake()
    {
        ulong one = 1;
        _ = Libc.Write(_wake, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Handles a post from another thread.</summary>
    void IPollTarget.OnReady(Readiness ready)
    {
        ulong count;
        _ = Libc.Read(_wake, (byte*)&count, sizeof(ulong));
    }

    public override Channel Connect(ReadOnlySpan<byte> address, IChannelHandler handler)
    {
        var channel = new EpollChannel(_loop, this) { Handler = handler };
        channel.BeginConnect(address);
        return channel;
    }

    public override Channel Adopt(int descriptor)
    {
        var channel = new EpollChannel(_loop, this);
        channel.Begin(descriptor);
        return channel;
    }

    public override void Dispose()
    {
        _ = Libc.Close(_wake);
        Poller.Dispose();
        NativeMemory.AlignedFree(ReceiveBuffer);
    }
}
