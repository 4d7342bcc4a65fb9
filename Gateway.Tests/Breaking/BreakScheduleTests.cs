using CsCheck;
using Gateway.Core.Breaking;

namespace Gateway.Tests.Breaking;

public sealed class BreakScheduleTests
{
    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 20)]
    [InlineData(2, 40)]
    [InlineData(4, 160)]
    [InlineData(5, 300)]
    [InlineData(1000, 300)]
    public void A_break_doubles_at_each_failed_trial_up_to_five_minutes(int failedTrials, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), BreakSchedule.Duration(BreakerPolicy.Default, failedTrials, 0.5));

    [Fact]
    public void Jitter_is_ten_percent_either_way() =>
        Gen.Double[0, 1].Sample(unit => BreakSchedule.Duration(BreakerPolicy.Default, 0, unit).TotalSeconds is >= 9 and <= 11);
}
