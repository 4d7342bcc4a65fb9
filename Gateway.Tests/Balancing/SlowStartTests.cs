using CsCheck;
using Gateway.Core.Balancing;

namespace Gateway.Tests.Balancing;

public sealed class SlowStartTests
{
    private static readonly SlowStartPolicy Minute = new() { Window = TimeSpan.FromMinutes(1) };

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(3, 0.1)]
    [InlineData(15, 0.25)]
    [InlineData(45, 0.75)]
    [InlineData(60, 1)]
    [InlineData(600, 1)]
    public void A_weight_rises_in_a_line_from_a_tenth(int seconds, double factor) =>
        Assert.Equal(factor, SlowStart.Factor(Minute, TimeSpan.FromSeconds(seconds)), 9);

    [Fact]
    public void More_aggression_rises_faster_at_first() =>
        Assert.Equal(0.5, SlowStart.Factor(Minute with { Aggression = 2 }, TimeSpan.FromSeconds(15)), 9);

    [Fact]
    public void The_first_second_counts_as_one_second() =>
        Assert.Equal(0.5, SlowStart.Factor(Minute with { Window = TimeSpan.FromSeconds(2) }, TimeSpan.Zero), 9);

    [Fact]
    public void Off_leaves_the_weight_alone() => Assert.Equal(1, SlowStart.Factor(SlowStartPolicy.Off, TimeSpan.Zero));

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(5, 0.5)]
    [InlineData(10, 1)]
    public void After_trials_the_ramp_takes_ten_seconds_in_any_pool(int seconds, double factor) =>
        Assert.Equal(factor, SlowStart.Factor(SlowStart.AfterTrials, TimeSpan.FromSeconds(seconds)), 9);

    [Fact]
    public void A_factor_is_never_below_a_tenth_above_one_or_falling() =>
        Gen.Select(Gen.Double[0.01, 3_600], Gen.Double[0.01, 10], Gen.Double[0, 4_000], Gen.Double[0, 100]).Sample(
            (window, aggression, age, more) =>
            {
                var policy = new SlowStartPolicy { Window = TimeSpan.FromSeconds(window), Aggression = aggression };
                var earlier = SlowStart.Factor(policy, TimeSpan.FromSeconds(age));
                var later = SlowStart.Factor(policy, TimeSpan.FromSeconds(age + more));
                Assert.InRange(earlier, 0.1, 1);
                Assert.InRange(later, earlier, 1);
            });
}
