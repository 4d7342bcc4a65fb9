using Gateway.Core.Balancing;

namespace Gateway.Tests.Balancing;

public sealed class TwoChoicesPickerTests
{
    private static readonly TimeSpan Tau = TimeSpan.FromSeconds(LatencyWord.TauSeconds);

    [Fact]
    public void Of_two_the_less_busy_is_picked_whichever_is_drawn_first()
    {
        var cells = Cells.Many(2);
        cells[0].Load(1);
        Assert.Equal(100, Cells.Build(Strategy.P2C, cells.Candidates()).Counts(100)[cells[1]]);
    }

    [Fact]
    public void Busy_is_meant_per_unit_of_weight()
    {
        var cells = Cells.Many(2);
        cells[0].Load(3);
        cells[1].Load(2);
        Assert.Equal(100, Cells.Build(Strategy.P2C, cells.Candidates(2, 1)).Counts(100)[cells[0]]);
    }

    [Fact]
    public void The_busiest_of_all_is_never_picked_because_the_two_are_distinct()
    {
        var cells = Cells.Many(5);
        cells[2].Load(1);
        Assert.False(Cells.Build(Strategy.P2C, cells.Candidates()).Counts(2_000).ContainsKey(cells[2]));
    }

    [Fact]
    public void When_the_better_of_the_two_refuses_the_other_is_picked()
    {
        var cells = Cells.Many(2);
        cells[0].Load(1);
        cells[1].Trip();
        Assert.Equal(cells[0], Cells.Build(Strategy.P2C, cells.Candidates()).Next());
    }

    [Fact]
    public void Leases_that_stay_out_spread_far_more_evenly_than_at_random()
    {
        var cells = Cells.Many(16);
        var picker = Cells.Build(Strategy.P2C, cells.Candidates());
        for (var n = 0; n < 1_600; n++)
        {
            picker.Pick(Cells.Context(n));
        }

        Assert.All(cells, cell => Assert.InRange(cell.InFlight, 95, 105));
    }

    [Fact]
    public void Peak_ewma_weighs_latency_against_what_is_in_flight()
    {
        var (fast, slow) = (Cells.Of("fast"), Cells.Of("slow"));
        fast.Observe(TimeSpan.FromMilliseconds(20), Cells.Now);
        slow.Observe(TimeSpan.FromMilliseconds(60), Cells.Now);
        var picker = Cells.Build(Strategy.PeakEwma, new(fast), new Candidate(slow));
        Assert.Equal(fast, picker.Next());

        fast.Load(4);
        Assert.Equal(0.100, PeakEwmaCost.Of(fast, Cells.Now), 6);
        Assert.Equal(0.060, PeakEwmaCost.Of(slow, Cells.Now), 6);
        Assert.Equal(slow, picker.Next());
        var weighted = Cells.Build(Strategy.PeakEwma, new(fast, Weight: 4), new Candidate(slow));
        Assert.Equal(fast, weighted.Next());
    }

    [Fact]
    public void Peak_ewma_forgets_by_the_time_constant_and_takes_an_unmeasured_endpoint_for_the_seed()
    {
        var cell = Cells.Of("a");
        Assert.Equal(0.030, PeakEwmaCost.Of(cell, Cells.Now), 6);
        cell.Observe(LatencyWord.Penalty, Cells.Now);
        Assert.Equal(5 * Math.Exp(-2), PeakEwmaCost.Of(cell, Cells.Now + (2 * Tau)), 4);
    }
}
