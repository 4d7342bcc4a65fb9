using Gateway.Core.Running;

namespace Gateway.Actors.Running;

/// <summary>
/// The clock for waits on endpoints: it stands still while this process is stopped, so that a pause is
/// not taken for an endpoint's silence. After a pause of 15 s no further deadline has passed, no latency is 15 s long, and no timer
/// of this clock fires before its running time is over.
/// </summary>
/// <remarks>
/// Not for ages that grow whether the process runs or not: the evidence of other replicas, breaks, slow starts. Those use the underlying clock.
/// A read costs two memory reads in addition to the clock's own.
/// </remarks>
public sealed class RunningClock : TimeProvider, IDisposable
{
    /// <summary>The interval of its ticks. Each tick wakes two threads, in a process that may be idle otherwise.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>The delay of a tick, on a busy machine, that does not count as a pause yet.</summary>
    public static readonly TimeSpan Allowance = 3 * Period;

    private readonly TimeProvider _inner;
    private readonly Lock _gate = new();
    private readonly ITimer _ticks;
    private RunningTime _time;
    private long _ceiling;
    private long _lost;

    /// <param name="inner">The underlying clock, which always runs.</param>
    public RunningClock(TimeProvider inner)
    {
        _inner = inner;
        _time = new(inner.GetTimestamp(), 0, (long)(Allowance.TotalSeconds * inner.TimestampFrequency));
        _ceiling = _time.Ceiling;
        _ticks = inner.CreateTimer(static clock => ((RunningClock)clock!).Tick(), this, Period, Period);
    }

    /// <summary>Raised for each gap, with its length; on the tick's thread.</summary>
    public event Action<TimeSpan>? Paused;

    public override long TimestampFrequency => _inner.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => _inner.LocalTimeZone;

    /// <summary>The total time this process was stopped since this clock was created.</summary>
    public TimeSpan Lost => _inner.GetElapsedTime(0, Volatile.Read(ref _lost));

    public override DateTimeOffset GetUtcNow() => _inner.GetUtcNow();

    public override long GetTimestamp()
    {
        // In this order: the process may stop between any two of them, and the loss is written before the ceiling that belongs to it.
        var ceiling = Volatile.Read(ref _ceiling);
        var lost = Volatile.Read(ref _lost);
        return Math.Min(_inner.GetTimestamp() - lost, ceiling);
    }

    /// <summary>Creates a timer whose due time is running time. A period is by the underlying clock.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        period == Timeout.InfiniteTimeSpan
            ? new RunningTimer(this, _inner, callback, state, dueTime)
            : _inner.CreateTimer(callback, state, dueTime, period);

    public void Dispose() => _ticks.Dispose();

    private void Tick()
    {
        long gap;
        lock (_gate)
        {
            (_time, gap) = _time.Tick(_inner.GetTimestamp());
            Volatile.Write(ref _lost, _time.Lost);
            Volatile.Write(ref _ceiling, _time.Ceiling);
        }

        if (gap > 0)
        {
            Paused?.Invoke(_inner.GetElapsedTime(0, gap));
        }
    }
}
