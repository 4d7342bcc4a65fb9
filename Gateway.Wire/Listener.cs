namespace Gateway.Wire;

/// <summary>
/// Accepts connections on one loop and hands them over. If descriptors run out it sheds one connection by means of a reserve descriptor,
/// and then leaves the others in the system's queue for a while, so that connections already served continue.
/// </summary>
public sealed unsafe class Listener : IPollTarget
{
    /// <summary>The maximum number of accepts per event, before the loop's connections have their turn.</summary>
    private const int Batch = 64;

    private const int PauseMilliseconds = 100;

    private readonly EventLoop _loop;
    private readonly int _descriptor;
    private readonly Action<int, byte[]> _accepted;
    private ulong _token;
    private int _reserve;
    private bool _started;
    private bool _stopped;

    /// <param name="descriptor">A non-blocking listening socket; its creator closes it, after <see cref="Stop"/>.</param>
    /// <param name="accepted">Receives a connected descriptor and the peer's address in the system's form. Called on the loop.</param>
    public Listener(EventLoop loop, int descriptor, Action<int, byte[]> accepted)
    {
        (_loop, _descriptor, _accepted) = (loop, descriptor, accepted);
        _reserve = OpenReserve();
    }

    /// <summary>The number of times descriptors had run out.</summary>
    public long Exhausted { get; private set; }

    /// <summary>Starts accepting. On the loop.</summary>
    public void Start()
    {
        (_token, _started) = (_loop.Register(this), true);
        if (!_loop.Poller.TryAdd(_descriptor, _token, Readiness.Input))
        {
            throw new WireException("epoll_ctl", Libc.Error);
        }
    }

    /// <summary>Stops accepting. On the loop.</summary>
    public void Stop()
    {
        if (!_stopped)
        {
            _stopped = true;
            if (_started)
            {
                _loop.Poller.Remove(_descriptor);
                _loop.Unregister(_token);
            }

            _ = Libc.Close(_reserve);
        }
    }

    void IPollTarget.OnReady(Readiness ready)
    {
        var address = stackalloc byte[28];
        for (var i = 0; i < Batch && !_stopped; i++)
        {
            uint length = 28;
            var descriptor = Libc.Accept(_descriptor, address, &length, Libc.NonBlocking | Libc.CloseOnExec);
            if (descriptor < 0)
            {
                if (Libc.Error is Libc.TooManyOpen or Libc.TooManyOpenInSystem)
                {
                    Shed();
                }

                return;
            }

            _accepted(descriptor, new ReadOnlySpan<byte>(address, (int)length).ToArray());
        }
    }

    /// <summary>Closes an unwanted connection.</summary>
    public static void Refuse(int descriptor) => _ = Libc.Close(descriptor);

    private static int OpenReserve()
    {
        fixed (byte* path = "/dev/null\0"u8)
        {
            return Libc.Open(path, Libc.CloseOnExec);
        }
    }

    private void Shed()
    {
        Exhausted++;
        _ = Libc.Close(_reserve);
        var shed = Libc.Accept(_descriptor, null, null, Libc.CloseOnExec);
        if (shed >= 0)
        {
            _ = Libc.Close(shed);
        }

        _reserve = OpenReserve();
        _loop.Poller.Modify(_descriptor, _token, Readiness.None);
        _loop.After(PauseMilliseconds, () =>
        {
            if (!_stopped)
            {
                _loop.Poller.Modify(_descriptor, _token, Readiness.Input);
            }
        });
    }
}
