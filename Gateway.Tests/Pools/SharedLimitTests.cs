using CsCheck;
using Gateway.Core.Pools;

namespace Gateway.Tests.Pools;

public sealed class SharedLimitTests
{
    [Theory]
    [InlineData(100, 1, 100)]
    [InlineData(100, 3, 34)]
    [InlineData(1, 5, 1)]
    [InlineData(10, 0, 10)]
    public void A_part_is_rounded_up(int limit, int replicas, int part) => Assert.Equal(part, SharedLimit.PartOf(limit, replicas));

    [Fact]
    public void All_parts_together_reach_the_limit_and_pass_it_by_less_than_one_for_each_replica() =>
        Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[1, 100]).Sample((limit, replicas) =>
            Assert.InRange(SharedLimit.PartOf(limit, replicas) * replicas, limit, limit + replicas - 1));
}
