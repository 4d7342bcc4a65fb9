using CsCheck;
using Gateway.Core.Running;

namespace Gateway.Tests.Running;

public sealed class RunningTimeTests
{
    [Fact]
    public void Time_goes_on_between_ticks_that_come_as_expected()
    {
        var time = new RunningTime(1000, 0, 250);
        Assert.Equal(1024, time.At(1024));
        (time, var gap) = time.Tick(1025);
        Assert.Equal((1030L, 0L), (time.At(1030), gap));
    }

    [Fact]
    public void A_gap_is_lost_but_for_the_allowance_and_nobody_sees_it_whoever_runs_first()
    {
        var time = new RunningTime(1000, 0, 250);
        Assert.Equal(1250, time.At(16_000));
        (time, var gap) = time.Tick(16_000);
        Assert.Equal((1250L, 1251L, 14_750L), (time.At(16_000), time.At(16_001), gap));
    }

    [Fact]
    public void It_never_goes_back_and_never_faster_than_the_clock_whenever_ticks_and_looks_come() =>
        Gen.Select(Gen.Long[0, 1000], Gen.Bool).Array[1, 100].Sample(steps =>
        {
            var (time, now, seen, lost) = (new RunningTime(0, 0, 250), 0L, 0L, 0L);
            foreach (var (pass, tick) in steps)
            {
                now += pass;
                if (tick)
                {
                    (time, var gap) = time.Tick(now);
                    lost += gap;
                    Assert.Equal(now - lost, time.At(now));
                }

                Assert.InRange(time.At(now), seen, seen + pass);
                seen = time.At(now);
            }
        });
}
