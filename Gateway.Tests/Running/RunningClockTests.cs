using Gateway.Actors.Running;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Running;

/// <summary>If the underlying clock jumps, the process was stopped; if it moves in small steps, the process runs.</summary>
public sealed class RunningClockTests : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    private readonly FakeTimeProvider _inner = new();
    private readonly RunningClock _clock;

    public RunningClockTests() => _clock = new(_inner);

    public void Dispose() => _clock.Dispose();

    [Fact]
    public void It_stands_still_while_the_process_does()
    {
        Run(TimeSpan.FromSeconds(1));
        var before = _clock.GetTimestamp();
        var told = new List<TimeSpan>();
        _clock.Paused += told.Add;

        _inner.Advance(Pause);

        Assert.InRange(_clock.GetElapsedTime(before), TimeSpan.Zero, RunningClock.Allowance);
        Assert.Equal([Pause - RunningClock.Allowance], told);
        Assert.Equal(told[0], _clock.Lost);
        Run(TimeSpan.FromSeconds(1));
        Assert.InRange(_clock.GetElapsedTime(before), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1) + RunningClock.Allowance);
    }

    [Fact]
    public void A_timer_waits_for_what_is_left_after_a_pause()
    {
        var fired = 0;
        using var timer = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan);
        Run(TimeSpan.FromSeconds(4));

        _inner.Advance(Pause);
        Assert.Equal(0, fired);
        Run(TimeSpan.FromSeconds(5.5));
        Assert.Equal(0, fired);
        Run(TimeSpan.FromSeconds(0.6));
        Assert.Equal(1, fired);
        Run(TimeSpan.FromSeconds(60));
        Assert.Equal(1, fired);
    }

    [Fact]
    public void A_timer_can_be_put_off_and_stopped()
    {
        var fired = 0;
        using var timer = _clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        Assert.True(timer.Change(TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan));
        Run(TimeSpan.FromSeconds(2));
        Assert.Equal(0, fired);
        Run(TimeSpan.FromSeconds(1.1));
        Assert.Equal(1, fired);
        timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Run(TimeSpan.FromSeconds(10));
        Assert.Equal(1, fired);
    }

    [Fact]
    public void A_pause_does_not_fire_a_delayed_cancellation()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), _clock);
        _inner.Advance(Pause);
        Assert.False(limit.IsCancellationRequested);
        Run(TimeSpan.FromSeconds(2));
        Assert.True(limit.IsCancellationRequested);
    }

    private void Run(TimeSpan time)
    {
        for (var ran = TimeSpan.Zero; ran < time; ran += RunningClock.Period)
        {
            _inner.Advance(RunningClock.Period);
        }
    }
}
