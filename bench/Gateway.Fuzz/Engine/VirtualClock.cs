namespace Gateway.Fuzz.Engine;

/// <summary>A clock that is advanced explicitly. Its timers run then, on the thread that advances it.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<VirtualTimer> _timers = [];
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The timers that have yet to run.</summary>
    public int Timers => _timers.Count;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => Begin.AddTicks(_now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(long milliseconds)
    {
        _now += milliseconds * TimeSpan.TicksPerMillisecond;
        for (var i = _timers.Count - 1; i >= 0; i--)
        {
            if (i < _timers.Count && _timers[i].Due <= _now)
            {
                var timer = _timers[i];
                _timers.RemoveAt(i);
                timer.Run();
            }
        }
    }

    /// <summary>Runs once; periods are not needed here.</summary>
    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public long Due { get; private set; }

        public void Run() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock._timers.Remove(this);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Due = clock._now + dueTime.Ticks;
                clock._timers.Add(this);
            }

            return true;
        }

        public void Dispose() => clock._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
