using Gateway.Core.Traffic;

namespace Gateway.Tests.Traffic;

public sealed class TrafficWindowTests
{
    private readonly TrafficWindow _window = new();
    private readonly LatencyHistogram _latencies = new();
    private TrafficTotals _totals;

    [Fact]
    public void One_sample_has_totals_and_no_rates()
    {
        _totals = new(5, 1, 0);
        var rates = Take(0);
        Assert.Equal((TimeSpan.Zero, 0.0, 5.0), (rates.Window, rates.PerSecond, rates.Totals.Count));
    }

    [Fact]
    public void Rates_are_of_the_last_ten_seconds()
    {
        for (var second = 0; second <= 30; second++)
        {
            Take(second);
            _totals += second < 15 ? new(100, 10, 5) : new(7, 1, 3);
        }

        Assert.Equal(
            new TrafficRates(TimeSpan.FromSeconds(10), 7, 1, 3, null, null, new((15 * 100) + (15 * 7), (15 * 10) + 15, 75 + 45)), _window.Rates);
    }

    [Fact]
    public void Slow_requests_of_an_earlier_window_are_forgotten()
    {
        _latencies.Observe(TimeSpan.FromSeconds(5));
        Take(0);
        for (var second = 1; second <= 3; second++)
        {
            _latencies.Observe(TimeSpan.FromMilliseconds(2));
            Take(second);
        }

        Assert.InRange(_window.Rates.P99!.Value.TotalMilliseconds, 1.7, 2.3);
    }

    [Fact]
    public void Once_no_request_has_ended_for_the_whole_window_there_is_no_latency()
    {
        Take(0);
        _latencies.Observe(TimeSpan.FromMilliseconds(2));
        for (var second = 1; second <= TrafficWindow.Length; second++)
        {
            Assert.NotNull(Take(second).P50);
        }

        for (var second = 1 + TrafficWindow.Length; second <= 3 * TrafficWindow.Length; second++)
        {
            Assert.Null(Take(second).P50);
        }
    }

    [Fact]
    public void Totals_that_fall_give_no_negative_rates()
    {
        _totals = new(100, 10, 1);
        Take(0);
        _totals = new(50, 5, 0);
        Assert.Equal((0.0, 0.0, 0.0), (Take(1).PerSecond, Take(2).ErrorsPerSecond, Take(3).RetriesPerSecond));
    }

    private TrafficRates Take(int second) => _window.Take(TimeSpan.FromSeconds(second), _totals, _latencies.AddTo);
}
