namespace Gateway.Actors.Running;

/// <summary>A one-shot timer by running time: if the underlying timer fires after a pause, it waits for the rest.</summary>
internal sealed class RunningTimer : ITimer
{
    /// <summary>Underlying timers count whole milliseconds, and may fire this early.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(2);

    private readonly RunningClock _clock;
    private readonly TimerCallback _callback;
    private readonly object? _state;
    private readonly Lock _gate = new();
    private readonly ITimer _inner;
    private TimeSpan? _due;

    public RunningTimer(RunningClock clock, TimeProvider inner, TimerCallback callback, object? state, TimeSpan dueTime)
    {
        (_clock, _callback, _state) = (clock, callback, state);
        _due = DueAfter(dueTime);
        _inner = inner.CreateTimer(static timer => ((RunningTimer)timer!).OnInnerTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _inner.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _clock.GetElapsedTime(0);

    /// <summary>Sets another due time. This timer does not support a period.</summary>
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(period, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            _due = DueAfter(dueTime);
            return _inner.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _inner.Dispose();

    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private TimeSpan? DueAfter(TimeSpan dueTime) => dueTime == Timeout.InfiniteTimeSpan ? null : Now + dueTime;

    private void OnInnerTimer()
    {
        lock (_gate)
        {
            if (_due is not { } due)
            {
                return; // Disabled meanwhile.
            }

            var left = due - Now;
            if (left > Slack)
            {
                _inner.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            _due = null;
        }

        _callback(_state);
    }
}
