using Gateway.Core.Analytics;
using Gateway.Core.Traffic;

namespace Gateway.Tests.Analytics;

public sealed class SharedTallyTests
{
    private readonly SharedTally _tally = new();

    [Fact]
    public void A_request_is_an_error_by_its_status_or_if_its_answer_breaks_off()
    {
        _tally.Ended(TimeSpan.FromMicroseconds(5), isError: false);
        _tally.Ended(TimeSpan.FromMicroseconds(6), isError: true);
        _tally.Ended(TimeSpan.FromMicroseconds(6), isError: false);
        _tally.BrokenOff();
        Assert.Equal(new SeriesCounts(3, 2, LatencyCountsTests.LatenciesOf(5, 6, 6), LatencyCounts.Empty), _tally.Read());
    }

    [Fact]
    public void Latencies_are_added_to_those_of_other_backends()
    {
        var durations = new long[LatencyHistogram.Length];
        durations[5] = 10;
        _tally.Ended(TimeSpan.FromMicroseconds(5), isError: false);
        _tally.AddTo(durations);
        Assert.Equal((11, 11), (durations[5], durations.Sum()));
    }
}
