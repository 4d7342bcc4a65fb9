using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Gateway.Actors.Timing;

namespace Gateway.Tests.Timing;

/// <summary>Akka's timers on a thread that sleeps until the next is due.</summary>
public sealed class DueSchedulerTests : IDisposable
{
    private readonly DueScheduler _scheduler = new(
        ConfigurationFactory.ParseString("akka.scheduler { tick-duration = 10 ms, shutdown-timeout = 5 s }"), NoLogger.Instance);

    private IActionScheduler Timers => _scheduler;

    private TimeSpan Now => _scheduler.HighResMonotonicClock;

    public void Dispose() => _scheduler.Dispose();

    [Fact]
    public async Task Actions_run_by_their_due_time_whatever_the_order_they_were_scheduled_in()
    {
        var order = new BlockingCollection<int>();
        var begun = Now; // All due times use this one reading, so that a pause between the calls does not change the order.
        foreach (var step in new[] { 3, 1, 2 })
        {
            Timers.ScheduleOnce(TimeSpan.FromMilliseconds(500 + (60 * step)) - (Now - begun), () => order.Add(step));
        }

        Assert.Equal([1, 2, 3], await Task.Run(() => order.GetConsumingEnumerable().Take(3).ToList()));
    }

    [Fact]
    public async Task Nothing_happens_before_its_time()
    {
        var begun = Now;
        var happened = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        Timers.ScheduleOnce(TimeSpan.FromMilliseconds(123), () => happened.SetResult(Now));
        Assert.True(await happened.Task - begun >= TimeSpan.FromMilliseconds(123));
    }

    [Fact]
    public async Task Repetitions_are_never_less_than_the_interval_apart_in_the_mean()
    {
        var begun = Now;
        var left = 10;
        var happened = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var repeated = new Cancelable(Timers);
        Timers.ScheduleRepeatedly(
            TimeSpan.FromMilliseconds(15), TimeSpan.FromMilliseconds(15),
            () =>
            {
                if (--left == 0)
                {
                    happened.SetResult(Now);
                }
            },
            repeated);
        Assert.True(await happened.Task - begun >= 10 * TimeSpan.FromMilliseconds(15));
    }

    [Fact]
    public async Task Cancelled_actions_do_not_run_and_one_that_throws_does_not_end_the_rest()
    {
        var happened = new ConcurrentQueue<string>();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancelled = new Cancelable(Timers);
        using var isCancelled = new ManualResetEventSlim();
        Timers.ScheduleOnce(TimeSpan.Zero, isCancelled.Wait); // Blocks the timers' thread: nothing is due before the cancellation.
        Timers.ScheduleOnce(TimeSpan.FromMilliseconds(20), () => happened.Enqueue("cancelled"), cancelled);
        Timers.ScheduleOnce(TimeSpan.FromMilliseconds(20), () => throw new InvalidOperationException("a fault of the action"));
        Timers.ScheduleOnce(TimeSpan.FromMilliseconds(60), last.SetResult);
        cancelled.Cancel();
        isCancelled.Set();
        await last.Task;
        Assert.Empty(happened);
    }

    [Fact]
    public void After_the_end_nothing_is_taken_and_nothing_happens()
    {
        var happened = false;
        Timers.ScheduleOnce(TimeSpan.FromDays(100), () => happened = true);
        _scheduler.Dispose();
        Assert.Throws<SchedulerException>(() => Timers.ScheduleOnce(TimeSpan.Zero, () => happened = true));
        Assert.False(happened);
    }
}
