using CsCheck;
using Gateway.Core.Balancing;
using Gateway.Core.Cells;

namespace Gateway.Tests.Balancing;

public sealed class RotatingPickerTests
{
    [Fact]
    public void Round_robin_goes_through_all_in_order() =>
        Assert.Equal("e0 e1 e2 e0 e1 e2 e0", TestCells.Build(Strategy.RoundRobin, TestCells.Many(3).Candidates()).NextHosts(7));

    [Fact]
    public void Round_robin_honours_weights_as_weighted_does() => Assert.Equal(
        "a a b a c a a a a b",
        TestCells.Build(Strategy.RoundRobin, new[] { TestCells.Of("a"), TestCells.Of("b"), TestCells.Of("c") }.Candidates(5, 1, 1)).NextHosts(10));

    [Fact]
    public void Round_robin_of_equal_weights_goes_through_all_in_order_whatever_the_weight() =>
        Assert.Equal("e0 e1 e2 e0 e1 e2 e0", TestCells.Build(Strategy.RoundRobin, TestCells.Many(3).Candidates(7, 7, 7)).NextHosts(7));

    [Fact]
    public void Round_robin_still_eases_an_endpoint_in()
    {
        var members = TestCells.Many(2).Candidates();
        members[1] = members[1] with { Factor = 0.1 };
        var counts = TestCells.Build(Strategy.RoundRobin, members).Counts(110);
        Assert.Equal((100, 10), (counts[members[0].Cell], counts[members[1].Cell]));
    }

    [Fact]
    public void Weighted_5_1_1_goes_a_a_b_a_c_a_a() => Assert.Equal(
        "a a b a c a a a a b",
        TestCells.Build(Strategy.Weighted, new[] { TestCells.Of("a"), TestCells.Of("b"), TestCells.Of("c") }.Candidates(5, 1, 1)).NextHosts(10));

    [Fact]
    public void Over_any_window_round_robin_counts_differ_by_at_most_one() =>
        Gen.Select(Gen.Int[2, 20], Gen.Int[0, 50], Gen.Int[1, 100]).Sample((endpoints, skipped, window) =>
        {
            var cells = TestCells.Many(endpoints);
            var picker = TestCells.Build(Strategy.RoundRobin, cells.Candidates());
            picker.NextHosts(skipped);
            var counts = picker.Counts(window);
            var most = counts.Values.Max();
            Assert.All(cells, cell => Assert.InRange(counts.GetValueOrDefault(cell), most - 1, most));
        });

    [Fact]
    public void Over_a_full_period_weighted_counts_are_exact_wherever_it_begins() =>
        Gen.Select(Gen.Int[1, 20].Array[2, 10], Gen.Int[0, 50]).Sample((weights, skipped) =>
        {
            var cells = TestCells.Many(weights.Length);
            var picker = TestCells.Build(Strategy.Weighted, cells.Candidates(weights));
            picker.NextHosts(skipped);
            var counts = picker.Counts(weights.Sum());
            Assert.Equal(weights, cells.Select(cell => counts[cell]));
        });

    [Fact]
    public void Slow_start_takes_its_part_of_a_weight()
    {
        var cells = TestCells.Many(2);
        var picker = TestCells.Build(Strategy.Weighted, new(cells[0], 2), new Candidate(cells[1], 2, Factor: 0.25));
        Assert.Equal(80, picker.Counts(100)[cells[0]]);
    }

    [Fact]
    public void The_turns_of_an_endpoint_that_refuses_go_to_all_the_others_alike()
    {
        var cells = TestCells.Many(4);
        var picker = TestCells.Build(Strategy.RoundRobin, cells.Candidates());
        cells[1].Trip();
        var counts = picker.Counts(300);
        Assert.All([cells[0], cells[2], cells[3]], cell => Assert.InRange(counts[cell], 99, 101));
    }

    [Fact]
    public void A_light_endpoint_is_found_behind_a_heavy_one_that_refuses()
    {
        var cells = TestCells.Many(2);
        var picker = TestCells.Build(Strategy.Weighted, cells.Candidates(256, 1));
        cells[0].Trip();
        Assert.Equal(cells[1], picker.Next());
    }

    [Fact]
    public void After_eight_turns_that_refuse_the_next_in_the_list_is_picked()
    {
        // The order begins with eight turns of e1 and one of e0.
        var cells = TestCells.Many(3);
        var picker = TestCells.Build(Strategy.Weighted, cells.Candidates(1, 24, 1));
        cells[1].Trip();
        Assert.Equal(cells[2], picker.Next());
    }

    [Fact]
    public void Threads_that_pick_at_once_share_one_rotation()
    {
        const int Threads = 4;
        const int Picks = 7 * 1_000;
        var cells = TestCells.Many(7);
        var picker = TestCells.Build(Strategy.RoundRobin, cells.Candidates());
        var counts = new Dictionary<EndpointCell, int>[Threads];
        Parallel.For(0, Threads, thread => counts[thread] = picker.Counts(Picks));
        Assert.All(cells, cell => Assert.Equal(Threads * Picks / 7, counts.Sum(each => each[cell])));
    }
}
