namespace Gateway.Upstream.Http2;

/// <summary>
/// When an attempt is given up. It moves often, mostly to later, and costs a timer only when it moves to before the time that the timer is set
/// for.
/// </summary>
internal sealed class AttemptDeadline : IDisposable
{
    public static readonly TimeSpan Never = TimeSpan.MaxValue;

    private readonly TimeProvider _clock;
    private readonly Action _onPassed;
    private readonly ITimer _timer;
    private long _at;
    private long _setFor;

    public AttemptDeadline(TimeSpan at, TimeProvider clock, Action onPassed)
    {
        (_clock, _onPassed, _at, _setFor) = (clock, onPassed, at.Ticks, long.MaxValue);
        _timer = clock.CreateTimer(static deadline => ((AttemptDeadline)deadline!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        MoveTo(at);
    }

    /// <summary>From the monotonic clock's zero.</summary>
    public void MoveTo(TimeSpan at)
    {
        Interlocked.Exchange(ref _at, at.Ticks);
        if (at.Ticks < Interlocked.Read(ref _setFor))
        {
            Set(at);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void OnTimer()
    {
        var at = new TimeSpan(Interlocked.Read(ref _at));
        while (at > _clock.GetElapsedTime(0))
        {
            Set(at);
            var now = new TimeSpan(Interlocked.Read(ref _at));
            if (now >= at)
            {
                return; // Whoever has moved it to before this meanwhile has seen what it was set for, and has set it again.
            }

            at = now;
        }

        _onPassed();
    }

    private void Set(TimeSpan at)
    {
        Interlocked.Exchange(ref _setFor, at.Ticks);
        var due = at == Never ? Timeout.InfiniteTimeSpan : at - _clock.GetElapsedTime(0);
        _timer.Change(due == Timeout.InfiniteTimeSpan || due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
