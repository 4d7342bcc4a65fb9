using Gateway.Core.Balancing;

namespace Gateway.Tests.Balancing;

public sealed class RandomPickerTests
{
    [Fact]
    public void Shares_are_by_weight()
    {
        var cells = TestCells.Many(3);
        var counts = TestCells.Build(Strategy.Random, cells.Candidates(5, 3, 2)).Counts(10_000);
        Assert.InRange(counts[cells[0]], 4_800, 5_200);
        Assert.InRange(counts[cells[1]], 2_800, 3_200);
        Assert.InRange(counts[cells[2]], 1_800, 2_200);
    }

    [Fact]
    public void The_share_of_one_that_refuses_goes_to_the_others_by_weight()
    {
        var cells = TestCells.Many(4);
        var picker = TestCells.Build(Strategy.Random, cells.Candidates(1, 1, 1, 3));
        cells[0].Trip();
        var counts = picker.Counts(10_000);
        Assert.InRange(counts[cells[1]], 1_800, 2_200);
        Assert.InRange(counts[cells[3]], 5_800, 6_200);
    }
}
