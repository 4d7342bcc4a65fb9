using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Gateway.Actors.Timing;

/// <summary>
/// An Akka scheduler without a tick: its thread sleeps until the next timer is due. Akka's own scheduler wakes on every tick, whether anything is
/// due or not. Named in the hocon files. Thread-safe.
/// </summary>
/// <remarks>
/// Times are rounded up to multiples of <c>akka.scheduler.tick-duration</c>, so that timers due at about the same time cost one wake-up; that is their
/// maximum delay on an idle machine. Repeated timers keep their phase: a second is a second, not a second and a tick. Repetitions missed in a pause of the
/// process are skipped.
/// </remarks>
public sealed class DueScheduler : SchedulerBase, IDateTimeOffsetNowTimeProvider, IDisposable
{
    private readonly object _gate = new();
    private readonly PriorityQueue<Entry, long> _entries = new();
    private readonly long _step;
    private readonly TimeSpan _shutdownTimeout;
    private Thread? _thread;
    private bool _ended;

    public DueScheduler(Config scheduler, ILoggingAdapter log)
        : base(scheduler, log)
    {
        var step = scheduler.GetTimeSpan("akka.scheduler.tick-duration");
        ArgumentOutOfRangeException.ThrowIfLessThan(step, TimeSpan.FromMilliseconds(1), "akka.scheduler.tick-duration");
        _step = step.Ticks;
        _shutdownTimeout = scheduler.GetTimeSpan("akka.scheduler.shutdown-timeout");
    }

    public override TimeSpan MonotonicClock => TimeProvider.System.GetElapsedTime(0);

    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    protected override DateTimeOffset TimeNow => TimeProvider.System.GetLocalNow();

    /// <summary>Stops the thread; pending timers never fire.</summary>
    public void Dispose()
    {
        Thread? thread;
        lock (_gate)
        {
            _ended = true;
            _entries.Clear();
            thread = _thread;
            Monitor.Pulse(_gate);
        }

        if (thread is not null && thread != Thread.CurrentThread && !thread.Join(_shutdownTimeout))
        {
            Log.Warning("the timer thread did not stop within {0}", _shutdownTimeout);
        }
    }

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Add(delay, TimeSpan.Zero, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Add(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => Add(delay, TimeSpan.Zero, action, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) =>
        Add(delay, TimeSpan.Zero, action.Run, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Add(initialDelay, interval, action, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        Add(initialDelay, interval, action.Run, cancelable);

    private void Add(TimeSpan delay, TimeSpan interval, Action action, ICancelable? cancelable)
    {
        var due = RoundedUp(HighResMonotonicClock.Ticks + delay.Ticks);
        lock (_gate)
        {
            if (_ended)
            {
                throw new SchedulerException("the timers have stopped");
            }

            var isNext = !_entries.TryPeek(out _, out var next) || due < next;
            _entries.Enqueue(new(action, interval.Ticks, cancelable), due);
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "timers" };
                _thread.Start();
            }
            else if (isNext)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    private long RoundedUp(long ticks) => (ticks + _step - 1) / _step * _step;

    private void Run()
    {
        while (Next() is var (action, cancelable))
        {
            if (cancelable?.IsCancellationRequested == true)
            {
                continue;
            }

            try
            {
                action();
            }
            catch (Exception error)
            {
                Log.Error(error, "a timer's action failed");
            }
        }
    }

    /// <summary>Waits for the next due timer; null at the end.</summary>
    private (Action Action, ICancelable? Cancelable)? Next()
    {
        lock (_gate)
        {
            while (!_ended)
            {
                if (!_entries.TryPeek(out var entry, out var due))
                {
                    Monitor.Wait(_gate);
                    continue;
                }

                var now = HighResMonotonicClock.Ticks;
                var isCancelled = entry.Cancelable?.IsCancellationRequested == true;
                if (due > now && !isCancelled)
                {
                    Monitor.Wait(_gate, Milliseconds(due - now));
                    continue;
                }

                _entries.Dequeue();
                if (isCancelled)
                {
                    continue;
                }

                if (entry.Interval > 0)
                {
                    // From the due time, rounded up, so that an interval that is not a multiple of the step is never cut short.
                    var next = RoundedUp(due + entry.Interval);
                    _entries.Enqueue(entry, next > now ? next : RoundedUp(now + entry.Interval));
                }

                return (entry.Action, entry.Cancelable);
            }

            return null;
        }
    }

    /// <summary>Converts ticks, rounded up, since waking too early means waking twice; at most a day.</summary>
    private static int Milliseconds(long ticks) =>
        (int)Math.Min((ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond, TimeSpan.FromDays(1).Ticks / TimeSpan.TicksPerMillisecond);

    /// <param name="Interval">0 for a one-shot timer.</param>
    private sealed record Entry(Action Action, long Interval, ICancelable? Cancelable);
}
