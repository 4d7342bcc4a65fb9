using CsCheck;
using Gateway.Core.Balancing;

namespace Gateway.Tests.Balancing;

public sealed class LowestPickerTests
{
    [Fact]
    public void Least_connections_never_picks_a_strictly_busier_endpoint() =>
        Gen.Select(Gen.Int[0, 12], Gen.Int[1, 9]).Array[2, 10].Sample(endpoints =>
        {
            var cells = TestCells.Many(endpoints.Length);
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i].Load(endpoints[i].Item1);
            }

            var weights = endpoints.Select(endpoint => endpoint.Item2).ToArray();
            var picked = Array.IndexOf(cells, TestCells.Build(Strategy.LeastConnections, cells.Candidates(weights)).Next());
            Assert.All(
                Enumerable.Range(0, cells.Length),
                i => Assert.True(cells[picked].InFlight * weights[i] <= cells[i].InFlight * weights[picked]));
        });

    [Fact]
    public void The_least_busy_of_those_that_do_not_refuse_is_picked_wherever_the_rotation_stands() =>
        Gen.Select(Gen.Select(Gen.Int[0, 6], Gen.Int[1, 3], Gen.Bool).Array[2, 8], Gen.Int[0, 20]).Sample((endpoints, turns) =>
        {
            var cells = TestCells.Many(endpoints.Length);
            var weights = endpoints.Select(endpoint => endpoint.Item2).ToArray();
            var picker = TestCells.Build(Strategy.LeastConnections, cells.Candidates(weights));
            for (var turn = 0; turn < turns; turn++)
            {
                picker.Next();
            }

            for (var i = 0; i < cells.Length; i++)
            {
                cells[i].Load(endpoints[i].Item1);
                if (endpoints[i].Item3)
                {
                    cells[i].Trip();
                }
            }

            var result = picker.Pick(TestCells.Context(0));
            var open = Enumerable.Range(0, cells.Length).Where(i => !endpoints[i].Item3).ToList();
            Assert.Equal(open.Count > 0 ? PickKind.Picked : PickKind.NoneAvailable, result.Kind);
            if (open.Count > 0)
            {
                var picked = Array.IndexOf(cells, result.Lease.Cell);
                Assert.Contains(picked, open);
                Assert.All(open, i => Assert.True((cells[picked].InFlight - 1) * weights[i] <= (cells[i].InFlight - (i == picked ? 1 : 0)) * weights[picked]));
            }
        });

    [Fact]
    public void Leases_that_stay_out_fill_endpoints_in_proportion_to_their_weights()
    {
        var cells = TestCells.Many(3);
        var picker = TestCells.Build(Strategy.LeastConnections, cells.Candidates(3, 2, 1));
        for (var n = 0; n < 60; n++)
        {
            Assert.Equal(PickKind.Picked, picker.Pick(TestCells.Context(n)).Kind);
        }

        Assert.Equal([30, 20, 10], cells.Select(cell => cell.InFlight));
    }

    [Fact]
    public void Idle_endpoints_share_by_the_weighted_rotation()
    {
        var cells = TestCells.Many(3);
        var counts = TestCells.Build(Strategy.LeastConnections, cells.Candidates(5, 1, 1)).Counts(70);
        Assert.Equal([50, 10, 10], cells.Select(cell => counts[cell]));
    }

    [Fact]
    public void Equally_busy_endpoints_take_turns_too()
    {
        var cells = TestCells.Many(3);
        Array.ForEach(cells, cell => cell.Load(2));
        Assert.Equal("e0 e1 e2 e0", TestCells.Build(Strategy.LeastConnections, cells.Candidates()).NextHosts(4));
    }

    /// <summary>In a saturated pool each further comparison would be wasted.</summary>
    [Theory]
    [InlineData(7, 3)]
    [InlineData(8, 5)]
    public void After_eight_that_refuse_the_next_in_the_list_is_picked_however_busy(int refusing, int inFlight)
    {
        var cells = TestCells.Many(refusing + 2);
        var picker = TestCells.Build(Strategy.LeastConnections, cells.Candidates());
        cells[^2].Load(5);
        cells[^1].Load(3);
        Array.ForEach(cells[..^2], cell => cell.Trip());
        Assert.Equal(inFlight, picker.Next().InFlight);
    }

    [Fact]
    public void When_the_least_busy_refuses_the_next_least_busy_is_picked()
    {
        var cells = TestCells.Many(4);
        cells[0].Load(3);
        cells[1].Load(2);
        cells[2].Load(1);
        cells[3].Trip();
        var picker = TestCells.Build(Strategy.LeastConnections, cells.Candidates());
        Assert.Equal(cells[2], picker.Next());
        Assert.Equal(cells[1], picker.Next(0, TestCells.Tried(cells[2])));
        Assert.Equal(cells[0], picker.Next(0, TestCells.Tried(cells[2], cells[1])));
    }
}
