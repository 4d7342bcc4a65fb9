namespace Gateway.Wire;

/// <summary>The time that has passed with a wait, and the end of a turn.</summary>
public sealed partial class EventLoop
{
    /// <summary>A wait that lasts longer than it was told to by this much was not a wait: the process was stopped, or its machine was.</summary>
    private const int PauseMilliseconds = 1000;

    /// <summary>
    /// Has something done at the end of this turn, before the loop waits again: whoever gathers what arises within a turn passes it on then. By the loop's thread.
    /// What is asked for meanwhile is still done in the same turn.
    /// </summary>
    public void AtEndOfTurn(Action action) => _atEnd.Add(action);

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
