using Gateway.Core.Pools;

namespace Gateway.Tests.Pools;

public sealed class TimeoutPolicyTests
{
    [Theory]
    [InlineData(30, 10, 10)]
    [InlineData(20, 10, 10)]
    [InlineData(19, 10, 9.5)]
    [InlineData(5, 10, 2.5)]
    public void A_try_takes_at_most_half_of_the_requests_time(double request, double attempt, double inForce) => Assert.Equal(
        TimeSpan.FromSeconds(inForce), new TimeoutPolicy { Request = TimeSpan.FromSeconds(request), Try = TimeSpan.FromSeconds(attempt) }.EffectiveTry);
}
