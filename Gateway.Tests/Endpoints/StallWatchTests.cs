using CsCheck;
using Gateway.Core.Endpoints;

namespace Gateway.Tests.Endpoints;

public sealed class StallWatchTests
{
    private static readonly TimeSpan WaitTimeout = StallWatch.MinTimeout;

    [Fact]
    public void It_is_stalled_once_something_has_waited_for_the_timeout_without_a_success()
    {
        var watch = new StallWatch();
        for (var look = 0; look <= 3; look++)
        {
            watch = Look(watch, successes: 0, waiting: 3);
            Assert.False(watch.Stalled);
        }

        Assert.True(Look(watch, successes: 0, waiting: 4).Stalled);
        Assert.False(Look(watch, successes: 1, waiting: 3).Stalled);
    }

    [Fact]
    public void Only_a_success_ends_it()
    {
        var watch = Stalled();
        Assert.True(Look(watch, successes: 0, waiting: 0).Stalled);
        Assert.True(Look(Look(watch, successes: 0, waiting: 0), successes: 0, waiting: 1).Stalled);
        Assert.False(Look(watch, successes: 1, waiting: 9).Stalled);
    }

    [Fact]
    public void While_one_is_answered_now_and_then_or_nothing_waits_it_never_is()
    {
        var (busy, idle) = (new StallWatch(), new StallWatch());
        for (var look = 0; look < 1_000; look++)
        {
            busy = Look(busy, successes: look / 4, waiting: 50);
            idle = Look(idle, successes: 0, waiting: look % 4 == 0 ? 0 : 1);
            Assert.False(busy.Stalled || idle.Stalled);
        }
    }

    [Fact]
    public void Time_in_which_this_process_did_not_run_blames_nobody()
    {
        var watch = Look(Look(new StallWatch(), 0, 1), 0, 1);
        watch = watch.Add(0, 1, TimeSpan.FromSeconds(15), WaitTimeout);
        Assert.False(watch.Stalled);
        Assert.Equal(3 * StallWatch.Interval, watch.Quiet);
    }

    [Fact]
    public void Patience_is_three_times_the_endpoints_own_tail_and_a_second_at_least()
    {
        Assert.Equal(TimeSpan.FromSeconds(1), StallWatch.TimeoutFor(null));
        Assert.Equal(TimeSpan.FromSeconds(1), StallWatch.TimeoutFor(TimeSpan.FromMilliseconds(5)));
        Assert.Equal(TimeSpan.FromSeconds(2.1), StallWatch.TimeoutFor(TimeSpan.FromMilliseconds(700)));
    }

    [Fact]
    public void It_is_never_stalled_in_less_than_its_timeout_since_a_success_or_since_nothing_waited() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 2]).Array[1, 200].Sample(looks =>
        {
            var (watch, successes, quiet, waited) = (new StallWatch(), 0L, TimeSpan.Zero, false);
            foreach (var (succeeds, waiting) in looks)
            {
                successes += succeeds ? 1 : 0;
                var before = watch;
                watch = Look(watch, successes, waiting);
                quiet = succeeds || waiting == 0 || !waited ? TimeSpan.Zero : quiet + StallWatch.Interval;
                waited = waiting > 0;
                Assert.Equal(!succeeds && (before.Stalled || quiet >= WaitTimeout), watch.Stalled);
            }
        });

    private static StallWatch Stalled()
    {
        var watch = new StallWatch();
        for (var look = 0; look < 5; look++)
        {
            watch = Look(watch, 0, 1);
        }

        Assert.True(watch.Stalled);
        return watch;
    }

    private static StallWatch Look(StallWatch watch, long successes, int waiting) => watch.Add(successes, waiting, StallWatch.Interval, WaitTimeout);
}
