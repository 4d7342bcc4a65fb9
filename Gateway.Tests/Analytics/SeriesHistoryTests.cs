using Gateway.Core.Analytics;

namespace Gateway.Tests.Analytics;

public sealed class SeriesHistoryTests
{
    [Fact]
    public void A_read_without_traffic_takes_no_memory()
    {
        var history = new SeriesHistory();
        history.Add(1, SeriesCounts.None with { Count = 1 });
        Allocations.AssertNone(() => history.Add(1, SeriesCounts.None));
        Assert.Equal(1, history.Sum(1, 1).Count);
    }
}
