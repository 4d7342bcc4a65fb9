namespace Gateway.Wire;

/// <summary>An object with a deadline on a loop's <see cref="TimingWheel"/>.</summary>
public abstract class Timed
{
    private long _deadline;

    private protected Timed(EventLoop loop) => Loop = loop;

    /// <summary>The loop it belongs to.</summary>
    public EventLoop Loop { get; }

    /// <summary>
    /// The deadline by <see cref="EventLoop.Now"/>; 0 for none. Noticed up to a tick of the wheel late. Postponing it costs nothing.
    /// </summary>
    public long Deadline
    {
        get => _deadline;
        set
        {
            _deadline = value;
            if (value != 0 && (WheelTime == 0 || value <= WheelTime - TimingWheel.TickMilliseconds))
            {
                Loop.Wheel.Schedule(this, value);
            }
        }
    }

    /// <summary>The time of the wheel's next check; 0 if there is none.</summary>
    internal long WheelTime { get; set; }

    internal int WheelSlot { get; set; } = -1;

    internal Timed? WheelNext { get; set; }

    internal Timed? WheelPrevious { get; set; }

    /// <summary>Called after the deadline has passed; it is cleared by then.</summary>
    internal abstract void OnDue();
}
