using Gateway.Core.Breaking;

namespace Gateway.Tests.Breaking;

public sealed class FailureWindowTests
{
    private static readonly BreakerPolicy Policy = new() { FailureRatePercent = 50, FailureRateMinimum = 10, FailureRateWindow = TimeSpan.FromSeconds(5) };

    [Fact]
    public void Half_of_enough_outcomes_failing_within_the_window_exceeds_the_rate()
    {
        var window = FailureWindow.Empty.Observe(100, 0, TimeSpan.Zero, Policy);
        Assert.True(window.Exceeds(105, 5, Policy));
        Assert.False(window.Exceeds(106, 5, Policy));
    }

    [Fact]
    public void Too_few_outcomes_say_nothing() =>
        Assert.False(FailureWindow.Empty.Observe(0, 0, TimeSpan.Zero, Policy).Exceeds(0, 9, Policy));

    [Fact]
    public void Failures_from_before_the_window_are_forgotten()
    {
        var window = FailureWindow.Empty.Observe(0, 0, TimeSpan.Zero, Policy);
        for (var second = 1; second <= 6; second++)
        {
            window = window.Observe(second, 100, TimeSpan.FromSeconds(second), Policy);
        }

        Assert.False(window.Exceeds(20, 100, Policy));
    }

    [Fact]
    public void Outcomes_since_the_window_began_count_though_later_samples_contain_them_too()
    {
        var window = FailureWindow.Empty.Observe(0, 0, TimeSpan.Zero, Policy).Observe(5, 5, TimeSpan.FromSeconds(4), Policy);
        Assert.True(window.Exceeds(5, 5, Policy));
    }

    [Fact]
    public void Without_a_rate_in_the_policy_nothing_exceeds_it() =>
        Assert.False(FailureWindow.Empty.Observe(0, 0, TimeSpan.Zero, Policy).Exceeds(0, 1000, BreakerPolicy.Default));
}
