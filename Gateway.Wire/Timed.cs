namespace Gateway.Wire;

/// <summary>What has a deadline on a loop's <see cref="TimingWheel"/>.</summary>
public abstract class Timed
{
    private long _deadline;

    private protected Timed(EventLoop loop) => Loop = loop;

    /// <summary>The loop it belongs to.</summary>
    public EventLoop Loop { get; }

    /// <summary>
    /// When it is due, by <see cref="EventLoop.Now"/>; 0: never. Noticed up to a tick of the wheel late. Setting a later one than before costs nothing.
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

    /// <summary>When the wheel looks at it next, 0 when it does not.</summary>
    internal long WheelTime { get; set; }

    internal int WheelSlot { get; set; } = -1;

    internal Timed? WheelNext { get; set; }

    internal Timed? WheelPrevious { get; set; }

    /// <summary>The deadline has passed, and is no longer set.</summary>
    internal abstract void OnDue();
}
