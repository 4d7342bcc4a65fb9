using Gateway.Core.Analytics;

namespace Gateway.Tests.Analytics;

public sealed class SeriesCountsTests
{
    private static readonly SeriesCounts Earlier = new(5, 2, LatencyCountsTests.LatenciesOf(100), LatencyCountsTests.LatenciesOf(50));

    [Fact]
    public void Equal_readings_have_no_increase() =>
        Assert.Same(SeriesCounts.None, new SeriesCounts(5, 2, LatencyCountsTests.LatenciesOf(100), LatencyCountsTests.LatenciesOf(50)).Since(Earlier));

    /// <summary>An error may be counted after the read that found its request.</summary>
    [Fact]
    public void Each_count_may_increase_alone()
    {
        SeriesCounts[] increases =
        [
            SeriesCounts.None with { Count = 1 },
            SeriesCounts.None with { Errors = 1 },
            SeriesCounts.None with { Durations = LatencyCountsTests.LatenciesOf(200) },
            SeriesCounts.None with { FirstBytes = LatencyCountsTests.LatenciesOf(200) },
        ];
        Assert.All(increases, increase => Assert.Equal(increase, (Earlier + increase).Since(Earlier)));
    }

    [Fact]
    public void Counts_that_fall_have_no_increase() => Assert.Equal(SeriesCounts.None, SeriesCounts.None.Since(Earlier));
}
