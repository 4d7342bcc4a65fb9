namespace Gateway.Wire;

/// <summary>The time elapsed in a wait, and the end of a turn.</summary>
public sealed partial class EventLoop
{
    /// <summary>A wait that exceeds its timeout by this much means that the process or its machine was stopped.</summary>
    private const int PauseMilliseconds = 1000;

    /// <summary>
    /// Runs an action at the end of this turn, before the loop waits again, for example to pass on what has accumulated in the turn. Loop thread only.
    /// Actions added meanwhile still run in the same turn.
    /// </summary>
    public void AtEndOfTurn(Action action) => _atEnd.Add(action);

    /// <summary>Advances the time, except for the part too long for the requested wait.</summary>
    private void Tick(int wait)
    {
        var elapsed = (long)_time.GetElapsedTime(_lastStamp, Timestamp).TotalMilliseconds;
        if (elapsed <= 0)
        {
            return; // Fractions of a millisecond add up to a whole one.
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
