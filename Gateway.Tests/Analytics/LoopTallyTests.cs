using Gateway.Core.Analytics;
using Gateway.Core.Traffic;

namespace Gateway.Tests.Analytics;

public sealed class LoopTallyTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromMicroseconds(5);

    private readonly LoopTally _tally = new();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(99, 0)]
    [InlineData(100, 1)]
    [InlineData(299, 2)]
    [InlineData(300, 3)]
    [InlineData(404, 4)]
    [InlineData(599, 5)]
    [InlineData(600, 0)]
    public void An_answer_counts_in_the_class_of_its_status(int status, int expected)
    {
        _tally.Ended(Duration, status);
        _tally.Ended(Duration, status);
        var classes = new long[LoopTally.Classes];
        _tally.AddClassesTo(classes);
        Assert.Equal([.. Enumerable.Range(0, LoopTally.Classes).Select(i => i == expected ? 2L : 0)], classes);
    }

    [Theory]
    [InlineData(499, false, 0)]
    [InlineData(500, false, 2)]
    [InlineData(200, true, 2)]
    [InlineData(502, true, 2)]
    public void An_answer_of_500_and_above_or_one_broken_off_is_an_error(int status, bool isBrokenOff, long errors)
    {
        _tally.Ended(Duration, status, isBrokenOff);
        _tally.Ended(Duration, status, isBrokenOff);
        Assert.Equal(errors, _tally.AddTo(new long[LatencyHistogram.Length]));
    }

    [Fact]
    public void Counts_are_added_to_those_of_other_loops()
    {
        var (durations, classes) = (new long[LatencyHistogram.Length], new long[LoopTally.Classes]);
        (durations[5], classes[2]) = (10, 10);
        _tally.Ended(Duration, 200);
        _tally.Ended(Duration, 200);
        _tally.AddTo(durations);
        _tally.AddClassesTo(classes);
        Assert.Equal((12, 12), (durations[5], classes[2]));
        Assert.Equal(12, durations.Sum());
    }
}
