using Gateway.Core.Balancing;
using Gateway.Core.Cells;

namespace Gateway.Tests.Balancing;

public sealed class TwoChoicesPickerTests
{
    private static readonly TimeSpan Tau = TimeSpan.FromSeconds(LatencyWord.TauSeconds);

    [Fact]
    public void Of_two_the_less_busy_is_picked_whichever_is_drawn_first()
    {
        var cells = TestCells.Many(2);
        cells[0].Load(1);
        Assert.Equal(100, TestCells.Build(Strategy.P2C, cells.Candidates()).Counts(100)[cells[1]]);
    }

    [Fact]
    public void Busy_is_meant_per_unit_of_weight()
    {
        var cells = TestCells.Many(2);
        cells[0].Load(3);
        cells[1].Load(2);
        Assert.Equal(100, TestCells.Build(Strategy.P2C, cells.Candidates(2, 1)).Counts(100)[cells[0]]);
    }

    [Fact]
    public void The_busiest_of_all_is_never_picked_because_the_two_are_distinct()
    {
        var cells = TestCells.Many(5);
        cells[2].Load(1);
        Assert.False(TestCells.Build(Strategy.P2C, cells.Candidates()).Counts(2_000).ContainsKey(cells[2]));
    }

    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(1, 100, 100)]
    [InlineData(256, 1, 64)]
    public void Idle_endpoints_are_picked_as_often_as_their_weights_say(params int[] weights)
    {
        var cells = TestCells.Many(weights.Length);
        var counts = TestCells.Build(Strategy.P2C, cells.Candidates(weights)).Counts(20_000);
        Assert.All(Enumerable.Range(0, cells.Length), i =>
            Assert.InRange((double)counts.GetValueOrDefault(cells[i]) / 20_000 * weights.Sum() / weights[i], weights[i] == 1 ? 0.6 : 0.95, weights[i] == 1 ? 1.4 : 1.05));
    }

    [Fact]
    public void Leases_that_stay_out_fill_endpoints_in_proportion_to_their_weights()
    {
        var cells = TestCells.Many(8);
        int[] weights = [4, 4, 4, 4, 1, 1, 1, 1];
        var picker = TestCells.Build(Strategy.P2C, cells.Candidates(weights));
        for (var n = 0; n < 800; n++)
        {
            picker.Pick(TestCells.Context(n));
        }

        Assert.All(Enumerable.Range(0, cells.Length), i => Assert.InRange(cells[i].InFlight / (40.0 * weights[i]), 0.85, 1.15));
    }

    [Fact]
    public void When_the_better_of_the_two_refuses_the_other_is_picked()
    {
        var cells = TestCells.Many(2);
        cells[0].Load(1);
        cells[1].Trip();
        Assert.Equal(cells[0], TestCells.Build(Strategy.P2C, cells.Candidates()).Next());
    }

    [Fact]
    public void Leases_that_stay_out_spread_far_more_evenly_than_at_random()
    {
        var cells = TestCells.Many(16);
        var picker = TestCells.Build(Strategy.P2C, cells.Candidates());
        for (var n = 0; n < 1_600; n++)
        {
            picker.Pick(TestCells.Context(n));
        }

        Assert.All(cells, cell => Assert.InRange(cell.InFlight, 95, 105));
    }

    [Fact]
    public void Peak_ewma_weighs_latency_against_what_is_in_flight()
    {
        var (fast, slow) = (TestCells.Of("fast"), TestCells.Of("slow"));
        fast.Observe(TimeSpan.FromMilliseconds(20), TestCells.Now);
        slow.Observe(TimeSpan.FromMilliseconds(60), TestCells.Now);
        var picker = TestCells.Build(Strategy.PeakEwma, new(fast), new Candidate(slow));
        Assert.Equal(fast, picker.Next());

        fast.Load(4);
        Assert.Equal(0.100, PeakEwmaCost.Of(fast, TestCells.Now), 6);
        Assert.Equal(0.060, PeakEwmaCost.Of(slow, TestCells.Now), 6);
        Assert.Equal(slow, picker.Next());
        var weighted = TestCells.Build(Strategy.PeakEwma, new(fast, Weight: 4), new Candidate(slow));
        Assert.Equal(fast, weighted.Next());
    }

    [Fact]
    public void Peak_ewma_forgets_by_the_time_constant_and_takes_an_unmeasured_endpoint_for_the_seed()
    {
        var cell = TestCells.Of("a");
        Assert.Equal(0.030, PeakEwmaCost.Of(cell, TestCells.Now), 6);
        cell.Observe(LatencyWord.Penalty, TestCells.Now);
        Assert.Equal(5 * Math.Exp(-2), PeakEwmaCost.Of(cell, TestCells.Now + (2 * Tau)), 4);
    }
}
