namespace Gateway.Wire;

/// <summary>The wait, what ends it, and the time that has passed with it.</summary>
public sealed unsafe partial class EventLoop
{
    /// <summary>A wait that lasts longer than it was told to by this much was not a wait: the process was stopped, or its machine was.</summary>
    private const int PauseMilliseconds = 1000;

    /// <summary>Somebody has posted.</summary>
    void IPollTarget.OnReady(Readiness ready)
    {
        ulong count;
        _ = Libc.Read(_wake, (byte*)&count, sizeof(ulong));
    }

    /// <summary>Waits; answers how many events there are.</summary>
    private int Wait(int milliseconds)
    {
        if (_parking is null)
        {
            return Poller.Wait(milliseconds);
        }

        _parking.Wait(milliseconds);
        return 0;
    }

    private void Wake()
    {
        if (_parking is null)
        {
            ulong one = 1;
            _ = Libc.Write(_wake, (byte*)&one, sizeof(ulong));
            return;
        }

        _parking.Wake();
    }

    /// <summary>Moves the time on, but for what is too long for the wait that was asked for.</summary>
    private void Tick(int wait)
    {
        var elapsed = (long)_time.GetElapsedTime(_lastStamp, Timestamp).TotalMilliseconds;
        if (elapsed <= 0)
        {
            return; // Parts of a millisecond add up until there is a whole one.
        }

        if (wait >= 0 && elapsed - wait > PauseMilliseconds)
        {
            elapsed = wait;
            Pauses++;
            _lastStamp = Timestamp;
        }
        else
        {
            _lastStamp += elapsed * _time.TimestampFrequency / 1000;
        }

        Now += elapsed;
    }
}
