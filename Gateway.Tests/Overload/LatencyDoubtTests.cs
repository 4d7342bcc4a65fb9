using Gateway.Core.Overload;

namespace Gateway.Tests.Overload;

public sealed class LatencyDoubtTests
{
    private static readonly LatencyDoubt Doubt = new(Limit: 100, Latency: 2000, InFlight: 90, Windows: 3);

    [Theory]
    [InlineData(80, 1999, 100, 2000, 90)]
    [InlineData(80, 2000, 100, 2000, 70)]
    [InlineData(80, 2001, 100, 2001, 70)]
    [InlineData(120, 1999, 120, 2000, 90)]
    [InlineData(120, 2001, 120, 2001, 70)]
    public void Another_window_keeps_the_highest_limit_and_the_longest_latency_with_its_requests(
        double limit, double latency, double highest, double longest, double inFlight) =>
        Assert.Equal(new(highest, longest, inFlight, Windows: 4), Doubt.Longer(limit, latency, inFlight: 70));

    [Fact]
    public void It_is_over_after_as_many_windows_within_the_tolerance_as_beyond_it()
    {
        Assert.Equal(Doubt with { Windows = 2 }, Doubt.Shorter());
        Assert.Equal(Doubt with { Windows = 1 }, Doubt.Shorter()?.Shorter());
        Assert.Null(Doubt.Shorter()?.Shorter()?.Shorter());
    }
}
