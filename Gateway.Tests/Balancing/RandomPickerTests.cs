using CsCheck;
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

    [Fact]
    public void An_alias_table_gives_each_index_its_weight_and_no_more() =>
        Gen.Double[0.1, 256].Array[1, 40].Sample(weights =>
        {
            // Sweeping the lower half in 1,024 even steps for each column measures the table instead of luck.
            const int Steps = 1_024;
            var table = new AliasTable(weights);
            var counts = new double[weights.Length];
            for (var column = 0UL; column < (ulong)weights.Length; column++)
            {
                var upper = ((column << 32) / (ulong)weights.Length) + 1;
                for (var step = 0UL; step < Steps; step++)
                {
                    counts[table.Draw((upper << 32) | ((step << 22) + (1 << 21)))] += 1d / Steps / weights.Length;
                }
            }

            for (var i = 0; i < weights.Length; i++)
            {
                Assert.Equal(weights[i] / weights.Sum(), counts[i], 2d / Steps);
            }
        });
}
