using CsCheck;
using Gateway.Core.Balancing;

namespace Gateway.Tests.Balancing;

public sealed class RandomBitsTests
{
    [Fact]
    public void The_second_of_a_pair_is_drawn_from_one_fewer_and_moved_past_the_first()
    {
        // Of four: an upper half of 1/2 draws 2; lower halves of 0, 1/3 and 2/3 draw 0, 1 and 2, and 2 becomes 3.
        const ulong Half = 0x8000_0000;
        Assert.Equal((2, 0), RandomBits.Pair(Half << 32, 4));
        Assert.Equal((2, 1), RandomBits.Pair((Half << 32) | 0x5555_5556, 4));
        Assert.Equal((2, 3), RandomBits.Pair((Half << 32) | 0xAAAA_AAAB, 4));
    }

    [Fact]
    public void A_pair_is_distinct_and_in_range() =>
        Gen.Select(Gen.ULong, Gen.Int[2, 5_000]).Sample((bits, count) =>
        {
            var (first, second) = RandomBits.Pair(bits, count);
            Assert.NotEqual(first, second);
            Assert.InRange(first, 0, count - 1);
            Assert.InRange(second, 0, count - 1);
        });

    [Fact]
    public void All_ordered_pairs_are_equally_likely()
    {
        var counts = Enumerable.Range(0, 12_000).CountBy(n => RandomBits.Pair(RandomBits.Mix((ulong)n), 4)).ToDictionary();
        Assert.Equal(12, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 850, 1_150));
    }

    [Fact]
    public void Mixing_zero_gives_the_first_output_of_splitmix64() =>
        Assert.Equal(0xE220_A839_7B1D_CDAFUL, RandomBits.Mix(0));

    [Fact]
    public void Mixing_loses_no_bit() => Gen.ULong.Sample(bits => Assert.Equal(bits, TestCells.Unmixed(RandomBits.Mix(bits))));

    [Theory]
    [InlineData(0UL, 0)]
    [InlineData(0x7FFUL, 0)]
    [InlineData(0x800UL, 1.0 / (1L << 53))]
    [InlineData(1UL << 63, 0.5)]
    [InlineData(ulong.MaxValue, 1 - (1.0 / (1L << 53)))]
    public void A_number_below_one_is_made_of_the_upper_53_bits(ulong bits, double number) => Assert.Equal(number, RandomBits.Unit(bits));
}
