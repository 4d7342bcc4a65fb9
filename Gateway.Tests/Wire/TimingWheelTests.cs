using CsCheck;
using Gateway.Wire;

namespace Gateway.Tests.Wire;

public sealed class TimingWheelTests : IDisposable
{
    /// <summary>One round of the wheel, in milliseconds.</summary>
    private const long Round = 4096 * TimingWheel.TickMilliseconds;

    /// <summary>Never started: it lends its wheel.</summary>
    private readonly EventLoop _loop = new("wheel", TimeProvider.System);

    private TimingWheel Wheel => _loop.Wheel;

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1_000)]
    [InlineData(Round - 1)]
    [InlineData(Round)]
    [InlineData(Round + 1)]
    [InlineData(5 * Round + 7)]
    public void A_deadline_fires_once_within_a_tick_if_the_wheel_is_advanced_when_it_asks(long deadline)
    {
        var fired = new List<long>();
        long now = 0;
        var timer = new LoopTimer(_loop, () => fired.Add(now)) { Deadline = deadline };
        while (Wheel.UntilNext(now) is >= 0 and var wait)
        {
            now += wait;
            Wheel.Advance(now);
        }

        var at = Assert.Single(fired);
        Assert.InRange(at, deadline, deadline + TimingWheel.TickMilliseconds - 1);
        Assert.Equal((0, 0L), (Wheel.Count, timer.Deadline));
    }

    [Fact]
    public void A_deadline_in_the_past_fires_with_the_next_tick()
    {
        Wheel.Advance(1_000_000);
        var fired = 0;
        _ = new LoopTimer(_loop, () => fired++) { Deadline = 5 };
        Assert.InRange(Wheel.UntilNext(1_000_000), 0, TimingWheel.TickMilliseconds);
        Wheel.Advance(1_000_000 + TimingWheel.TickMilliseconds);
        Assert.Equal(1, fired);
    }

    [Fact]
    public void A_deadline_that_is_put_off_again_and_again_stays_where_it_is()
    {
        var timer = new LoopTimer(_loop, () => Assert.Fail("never due")) { Deadline = 1_000 };
        for (long now = 0; now < 10 * Round; now += 500)
        {
            Wheel.Advance(now);
            var before = timer.WheelTime;
            timer.Deadline = now + 1_000;
            Assert.Equal((before, 1), (timer.WheelTime, Wheel.Count));
        }

        timer.Deadline = 0;
        Wheel.Advance(20 * Round);
        Assert.Equal(0, Wheel.Count);
    }

    [Fact]
    public void A_deadline_that_is_brought_forward_fires_at_its_new_time()
    {
        long now = 0, at = 0;
        var timer = new LoopTimer(_loop, () => at = now) { Deadline = 60_000 };
        timer.Deadline = 100;
        for (; now < 200; now++)
        {
            Wheel.Advance(now);
        }

        Assert.Equal((112, 0), (at, Wheel.Count));
    }

    /// <summary>A loop with nothing due may wait for any time, and then its wheel is far behind when the first deadline is set.</summary>
    [Theory]
    [InlineData(Round / 2)]
    [InlineData(Round + 100)]
    [InlineData(3 * Round + 12_345)]
    [InlineData(1_000 * Round)]
    public void A_deadline_set_after_a_long_idle_time_fires_in_time(long idle)
    {
        long now = idle, at = 0;
        _ = new LoopTimer(_loop, () => at = now) { Deadline = idle + 1_000 };
        Wheel.Advance(now);
        while (at == 0 && Wheel.UntilNext(now) is >= 0 and var wait)
        {
            now += wait;
            Wheel.Advance(now);
        }

        Assert.InRange(at, idle + 1_000, idle + 1_000 + TimingWheel.TickMilliseconds - 1);
    }

    [Theory]
    [InlineData(Round)]
    [InlineData(3 * Round + 12_345)]
    public void A_jump_of_more_than_a_round_delays_no_deadline_behind_it(long jump)
    {
        var fired = new SortedSet<long>();
        var deadlines = Enumerable.Range(1, 500).Select(i => i * 977L).ToList();
        deadlines.ForEach(deadline => _ = new LoopTimer(_loop, () => fired.Add(deadline)) { Deadline = deadline });
        for (var now = jump; now < 500_000 + jump; now += TimingWheel.TickMilliseconds)
        {
            Wheel.Advance(now);
            Assert.Equal(deadlines.Count(d => d <= now - TimingWheel.TickMilliseconds), fired.Count(d => d <= now - TimingWheel.TickMilliseconds));
        }
    }

    [Fact]
    public void An_entry_may_set_its_deadline_anew_and_remove_others_while_it_fires()
    {
        var (again, gone) = (0, 0);
        LoopTimer? repeating = null, other = null;
        repeating = new LoopTimer(_loop, () =>
        {
            again++;
            repeating!.Deadline = again * 100;
            Wheel.Remove(other!);
        });
        other = new LoopTimer(_loop, () => gone++);
        (other.Deadline, repeating.Deadline) = (90, 90); // In one slot, the last one first.
        for (long now = 0; now <= 1_000; now += 4)
        {
            Wheel.Advance(now);
        }

        Assert.Equal((10, 0, 1), (again, gone, Wheel.Count));
    }

    [Fact]
    public void An_entry_whose_handler_throws_delays_none_of_the_others()
    {
        var (told, faults) = (0, 0);
        _loop.OnFault = _ => faults++;
        for (var i = 0; i < 9; i++)
        {
            var throws = i % 3 == 1;
            _ = new LoopTimer(_loop, () => told += throws ? throw new InvalidOperationException() : 1) { Deadline = 100 + i / 5 };
        }

        Wheel.Advance(1_000);
        Assert.Equal((6, 3, 0), (told, faults, Wheel.Count));
    }

    public void Dispose() => _loop.Dispose();
}
