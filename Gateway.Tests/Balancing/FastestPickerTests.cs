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
    public void They_share_by_weight()
    {
        var cells = Measured(10, 14, 50);
        var counts = TestCells.Build(Strategy.HealthBased, cells.Candidates(3, 1, 2)).Counts(400);
        Assert.Equal([300, 100, 0], cells.Select(cell => counts.GetValueOrDefault(cell)));
    }

    [Fact]
    public void Few_that_are_fast_among_many_share_too()
    {
        var cells = Measured([.. Enumerable.Range(0, 200).Select(i => i % 100 == 7 ? 10 : 100)]);
        var counts = HealthBased(cells).Counts(2_000);
        Assert.Equal(2, counts.Count);
        Assert.InRange(counts[cells[7]], 850, 1_150);
        Assert.InRange(counts[cells[107]], 850, 1_150);
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
