using Gateway.Core.Running;

namespace Gateway.Actors.Running;

/// <summary>
/// The clock of everything that waits for an endpoint: it stands still while this process does not run, so that time which nobody could use is
/// not taken for an endpoint's silence. After a pause of 15 s, no deadline has passed that had not before, no latency is 15 s long, and no timer
/// made here fires before its time has been run through.
/// </summary>
/// <remarks>
/// Not for what becomes old whether the process runs or not: the evidence of other replicas, breaks, slow starts. Those go by the clock beneath.
/// A read costs two reads of memory beside the clock's own.
/// </remarks>
public sealed class RunningClock : TimeProvider, IDisposable
{
    /// <summary>How often it notices that the process runs. Each time wakes two threads, of a process that may have nothing else to do.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>Ticks may be so late on a busy machine without anything being wrong.</summary>
    public static readonly TimeSpan Allowance = 3 * Period;

    private readonly TimeProvider _beneath;
    private readonly Lock _gate = new();
    private readonly ITimer _ticks;
    private RunningTime _time;
    private long _ceiling;
    private long _lost;

    /// <param name="beneath">The clock that goes on.</param>
    public RunningClock(TimeProvider beneath)
    {
        _beneath = beneath;
        _time = new(beneath.GetTimestamp(), 0, (long)(Allowance.TotalSeconds * beneath.TimestampFrequency));
        _ceiling = _time.Ceiling;
        _ticks = beneath.CreateTimer(static clock => ((RunningClock)clock!).Tick(), this, Period, Period);
    }

    /// <summary>Told of each gap, and how long the process did not run; by the thread of the tick.</summary>
    public event Action<TimeSpan>? Paused;

    public override long TimestampFrequency => _beneath.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => _beneath.LocalTimeZone;

    /// <summary>How long the process has not run since this clock was made.</summary>
    public TimeSpan Lost => _beneath.GetElapsedTime(0, Volatile.Read(ref _lost));

    public override DateTimeOffset GetUtcNow() => _beneath.GetUtcNow();

    public override long GetTimestamp()
    {
        // In this order: the process may stop between any two of them, and what is lost is written before the ceiling that goes with it.
        var ceiling = Volatile.Read(ref _ceiling);
        var lost = Volatile.Read(ref _lost);
        return Math.Min(_beneath.GetTimestamp() - lost, ceiling);
    }

    /// <summary>A timer whose due time is time run. A period is the clock's beneath.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        period == Timeout.InfiniteTimeSpan
            ? new RunningTimer(this, _beneath, callback, state, dueTime)
            : _beneath.CreateTimer(callback, state, dueTime, period);

    public void Dispose() => _ticks.Dispose();

    private void Tick()
    {
        long gap;
        lock (_gate)
        {
            (_time, gap) = _time.Tick(_beneath.GetTimestamp());
            Volatile.Write(ref _lost, _time.Lost);
            Volatile.Write(ref _ceiling, _time.Ceiling);
        }

        if (gap > 0)
        {
            Paused?.Invoke(_beneath.GetElapsedTime(0, gap));
        }
    }
}
