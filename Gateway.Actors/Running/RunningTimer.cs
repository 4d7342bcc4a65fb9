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
    private readonly ITimer _beneath;
    private TimeSpan? _due;

    public RunningTimer(RunningClock clock, TimeProvider beneath, TimerCallback callback, object? state, TimeSpan dueTime)
    {
        (_clock, _callback, _state) = (clock, callback, state);
        _due = DueAfter(dueTime);
        _beneath = beneath.CreateTimer(static timer => ((RunningTimer)timer!).OnBeneath(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _beneath.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _clock.GetElapsedTime(0);

    /// <summary>Sets another due time. This timer does not support a period.</summary>
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(period, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            _due = DueAfter(dueTime);
            return _beneath.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _beneath.Dispose();

    public ValueTask DisposeAsync() => _beneath.DisposeAsync();

    private TimeSpan? DueAfter(TimeSpan dueTime) => dueTime == Timeout.InfiniteTimeSpan ? null : Now + dueTime;

    private void OnBeneath()
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
                _beneath.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            _due = null;
        }

        _callback(_state);
    }
}
