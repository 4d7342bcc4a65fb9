using CsCheck;
using Gateway.Core.Balancing;

namespace Gateway.Tests.Balancing;

public sealed class AliasTableTests
{
    /// <summary>Weights 3 and 1: the first half of the draws is all index 0's, the second half is index 1's in its lower half and index 0's in its upper.</summary>
    [Theory]
    [InlineData(0U, 0U, 0)]
    [InlineData(0x7FFF_FFFFU, uint.MaxValue, 0)]
    [InlineData(0x8000_0000U, 0U, 1)]
    [InlineData(0x8000_0000U, 0x7FFF_FFFFU, 1)]
    [InlineData(0x8000_0000U, 0x8000_0000U, 0)]
    [InlineData(uint.MaxValue, uint.MaxValue, 0)]
    public void The_upper_half_of_the_bits_chooses_the_column_and_the_lower_half_the_side(uint upper, uint lower, int index) =>
        Assert.Equal(index, new AliasTable([3, 1]).Draw(((ulong)upper << 32) | lower));

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

    [Theory]
    [InlineData(0, 256)]
    [InlineData(1, 256)]
    [InlineData(2, 256)]
    [InlineData(0, 1e12)]
    public void Two_drawn_by_weight_are_distinct_and_the_second_is_any_of_the_others(int heavy, double weight)
    {
        double[] weights = [1, 1, 1];
        weights[heavy] = weight;
        var table = new AliasTable(weights);
        var seconds = new int[3];
        for (var n = 0; n < 10_000; n++)
        {
            var (first, second) = table.Pair(RandomBits.Mix((ulong)n));
            Assert.NotEqual(first, second);
            seconds[second] += first == heavy ? 1 : 0;
        }

        Assert.InRange((double)seconds[(heavy + 1) % 3] / seconds[(heavy + 2) % 3], 0.9, 1.1);
    }

    [Fact]
    public void The_second_of_two_is_drawn_by_weight_among_the_others()
    {
        // Beside one of the two heavy ones, the light one is drawn once in 101 times.
        var table = new AliasTable([1, 100, 100]);
        var seconds = Enumerable.Range(0, 20_000).Select(n => table.Pair(RandomBits.Mix((ulong)n))).Where(pair => pair.First == 1).ToList();
        Assert.InRange((double)seconds.Count(pair => pair.Second == 0) / seconds.Count, 0.006, 0.014);
    }
}
