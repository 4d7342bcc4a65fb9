using System.Text;
using CsCheck;
using Gateway.Core.Balancing;

namespace Gateway.Tests.Balancing;

public sealed class WeightedSplitTests
{
    [Fact]
    public void Each_share_is_as_long_as_its_weight()
    {
        var split = new WeightedSplit([90, 0, 10]);

        Assert.Equal([0, 0, 2, 2], new[] { 0.0, 0.8999, 0.9001, 0.9999 }.Select(at => split.At((ulong)(at * ulong.MaxValue))));
        Assert.Equal((0, 2), (split.At(0), split.At(ulong.MaxValue)));
    }

    [Fact]
    public void A_share_of_weight_0_gets_nothing_and_every_point_lies_in_one() =>
        Gen.Select(Gen.Int[0, 1_000_000].Array[1, 6].Where(w => w.Any(x => x > 0)), Gen.ULong).Sample((weights, point) =>
            Assert.True(weights[new WeightedSplit([.. weights]).At(point)] > 0));

    [Fact]
    public void A_share_that_grows_keeps_what_it_had() =>
        Gen.Select(Gen.Int[0, 100], Gen.Int[0, 100], Gen.ULong).Sample((one, other, key) =>
        {
            var (small, large) = (Math.Min(one, other), Math.Max(one, other));
            var point = WeightedSplit.PointOf(key);
            if (new WeightedSplit([100 - small, small]).At(point) == 1)
            {
                Assert.Equal(1, new WeightedSplit([100 - large, large]).At(point));
            }
        });

    /// <summary>A tenth of 100,000 keys, give or take six standard deviations (95); and of those as many in the lower half as in the upper.</summary>
    [Fact]
    public void Keys_are_divided_by_weight_whatever_they_are()
    {
        var split = new WeightedSplit([9, 1]);
        var chosen = Enumerable.Range(0, 100_000).Select(i => (ulong)i * 0x9E3779B97F4A7C15).Where(key => split.At(WeightedSplit.PointOf(key)) == 1).ToList();

        Assert.InRange(chosen.Count, 10_000 - 570, 10_000 + 570);
        Assert.InRange(chosen.Count(key => key >> 63 == 0), (chosen.Count / 2) - 300, (chosen.Count / 2) + 300);
        Assert.InRange(Enumerable.Range(0, 100_000).Count(i => split.At(WeightedSplit.PointOf(Encoding.ASCII.GetBytes($"user-{i}"))) == 1), 10_000 - 570, 10_000 + 570);
    }

    /// <summary>Replicas of one cluster, even of different builds, must choose the same: the point of a key never changes.</summary>
    [Fact]
    public void The_point_of_a_key_is_fixed() => Assert.Equal(
        (8082428807265338905UL, 18425413514728877240UL), (WeightedSplit.PointOf(1), WeightedSplit.PointOf("user-1"u8)));

    [Theory]
    [InlineData()]
    [InlineData(0)]
    [InlineData(0, 0)]
    [InlineData(2, -1)]
    public void Weights_of_nothing_are_refused(params int[] weights) => Assert.Throws<ArgumentOutOfRangeException>(() => new WeightedSplit([.. weights]));
}
