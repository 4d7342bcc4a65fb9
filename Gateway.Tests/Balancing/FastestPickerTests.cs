using CsCheck;
using Gateway.Core.Balancing;
using Gateway.Core.Cells;

namespace Gateway.Tests.Balancing;

public sealed class FastestPickerTests
{
    [Fact]
    public void Health_based_picks_the_lowest_recent_latency()
    {
        var cells = Measured(40, 10, 20);
        Assert.All(Enumerable.Range(0, 20), n => Assert.Equal(cells[1], HealthBased(cells).Next(n)));
    }

    [Fact]
    public void Health_based_takes_a_degraded_endpoint_only_when_no_healthy_one_is_left()
    {
        var cells = Measured(40, 50, 1, 2);
        Candidate[] members =
            [new(cells[0]), new(cells[1]), new(cells[2], Degraded: true), new(cells[3], Degraded: true)];
        var picker = TestCells.Build(Strategy.HealthBased, members);
        Assert.Equal(cells[0], picker.Next());
        cells[0].Trip();
        Assert.Equal(cells[1], picker.Next());
        Assert.Equal(cells[2], picker.Next(0, TestCells.Tried(cells[1])));
        Assert.Equal(cells[2], TestCells.Build(Strategy.HealthBased, members[2..]).Next());
    }

    [Fact]
    public void An_endpoint_never_measured_is_tried_by_one_request_at_a_time()
    {
        var cells = Measured(10, 20, 0);
        var picker = HealthBased(cells);
        var exploring = picker.Pick(TestCells.Context(0));
        Assert.Equal(cells[2], exploring.Lease.Cell);
        Assert.Equal(cells[0], picker.Next(1));
        exploring.Lease.Release();
        Assert.Equal(cells[2], picker.Next(2));
    }

    [Fact]
    public void An_endpoint_that_was_slow_once_is_tried_again_by_one_request_at_a_time()
    {
        var cells = Measured(100, 20);
        var picker = HealthBased(cells);
        Assert.Equal(cells[1], picker.Next());

        var later = TestCells.Now + TimeSpan.FromSeconds(21);
        cells[1].Observe(TimeSpan.FromMilliseconds(20), later);
        Assert.Equal(cells[0], picker.Pick(TestCells.Context(0) with { Now = later }).Lease.Cell);
        Assert.Equal(cells[1], picker.Pick(TestCells.Context(1) with { Now = later }).Lease.Cell);
    }

    [Fact]
    public void All_within_one_and_a_half_times_the_lowest_share_alike_and_the_others_get_nothing()
    {
        var cells = Measured(10, 14, 16, 13, 200);
        var counts = HealthBased(cells).Counts(300);
        Assert.Equal([100, 100, 0, 100, 0], cells.Select(cell => counts.GetValueOrDefault(cell)));
    }

    [Fact]
    public void Exactly_one_and_a_half_times_the_lowest_is_as_good() =>
        Assert.Equal(["e0", "e1"], HealthBased(Measured(500, 750, 751)).Counts(300).Keys.Select(cell => cell.Id.Address.Host).Order());

    [Fact]
    public void They_share_by_weight()
    {
        var cells = Measured(10, 14, 50);
        var counts = TestCells.Build(Strategy.HealthBased, cells.Candidates(3, 1, 2)).Counts(400);
        Assert.Equal([300, 100, 0], cells.Select(cell => counts.GetValueOrDefault(cell)));
    }

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(3, 0.75)]
    public void Few_that_are_fast_among_many_share_by_weight_too(int weight, double share)
    {
        // Two hundred, of which two are as good: 500 ms and exactly one and a half times that.
        var cells = Measured([.. Enumerable.Range(0, 200).Select(i => i switch { 7 => 500, 107 => 750, _ => 5_000 })]);
        var weights = Enumerable.Repeat(1, cells.Length).ToArray();
        weights[7] = weight;
        var counts = TestCells.Build(Strategy.HealthBased, cells.Candidates(weights)).Counts(2_000);
        Assert.Equal(2, counts.Count);
        Assert.InRange(counts[cells[7]] / 2_000d, share - 0.05, share + 0.05);
    }

    /// <summary>Two of equal weight have half of the draws each.</summary>
    [Theory]
    [InlineData(0UL, "e8")]
    [InlineData((1UL << 63) - 1, "e8")]
    [InlineData(1UL << 63, "e18")]
    [InlineData(ulong.MaxValue, "e18")]
    public void If_eight_turns_lead_to_slower_ones_one_that_is_as_good_is_drawn(ulong random, string picked)
    {
        var cells = Measured([.. Enumerable.Range(0, 20).Select(i => i switch { 8 => 500, 18 => 750, _ => 5_000 })]);
        Assert.Equal(picked, HealthBased(cells).Pick(TestCells.Context(0) with { Random = random }).Lease.Cell.Id.Address.Host);
        Assert.Equal(1, cells.Sum(cell => cell.InFlight));
    }

    [Fact]
    public void The_recent_latency_fades_while_idle_and_is_the_last_known_while_in_flight()
    {
        var (cell, unmeasured) = (TestCells.Of("a"), TestCells.Of("b"));
        cell.Observe(TimeSpan.FromMilliseconds(100), TestCells.Now);
        var later = TestCells.Now + TimeSpan.FromSeconds(20);

        // 100 / (1 + 2 + 2*2/2) = 20 after two time constants.
        Assert.Equal((0.100, 0.020, 0.0), (Cost(cell, TestCells.Now), Cost(cell, later), Cost(unmeasured, later)));
        cell.Load(1);
        unmeasured.Load(1);
        Assert.Equal((0.100, 0.030), (Cost(cell, later), Cost(unmeasured, later)));

        static double Cost(EndpointCell cell, TimeSpan now) => Math.Round(RecentLatencyCost.Of(cell, now), 6);
    }

    [Fact]
    public void When_those_that_are_as_good_refuse_the_next_lowest_is_picked()
    {
        var cells = Measured(10, 12, 100, 50);
        cells[0].Trip();
        cells[1].Trip();
        Assert.Equal(cells[3], HealthBased(cells).Next());
    }

    [Fact]
    public void No_pick_goes_beyond_the_range_while_one_within_it_grants() =>
        Gen.Select(Gen.Int[1, 100], Gen.Bool).Array[2, 12].Sample(endpoints =>
        {
            var cells = Measured([.. endpoints.Select(endpoint => endpoint.Item1)]);
            for (var i = 0; i < cells.Length; i++)
            {
                if (endpoints[i].Item2)
                {
                    cells[i].Trip();
                }
            }

            var limit = endpoints.Min(endpoint => endpoint.Item1) * FastestPicker.AsGood;
            var good = endpoints.Any(endpoint => !endpoint.Item2 && endpoint.Item1 < limit * 0.999);
            var result = HealthBased(cells).Pick(TestCells.Context(0));
            if (good)
            {
                Assert.InRange(endpoints[Array.IndexOf(cells, result.Lease.Cell)].Item1, 0, limit * 1.001);
            }
        });

    private static Picker HealthBased(EndpointCell[] cells) => TestCells.Build(Strategy.HealthBased, cells.Candidates());

    /// <summary>Endpoints with a latency just measured, in milliseconds; 0: none.</summary>
    private static EndpointCell[] Measured(params int[] latencies)
    {
        var cells = TestCells.Many(latencies.Length);
        for (var i = 0; i < cells.Length; i++)
        {
            if (latencies[i] > 0)
            {
                cells[i].Observe(TimeSpan.FromMilliseconds(latencies[i]), TestCells.Now);
            }
        }

        return cells;
    }
}
