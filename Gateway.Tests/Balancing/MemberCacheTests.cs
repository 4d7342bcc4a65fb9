using Gateway.Core.Balancing;

namespace Gateway.Tests.Balancing;

public sealed class MemberCacheTests
{
    private readonly Candidate[] _members = TestCells.Many(3).Candidates();
    private readonly MemberCache<object> _cache = new(_ => new());

    [Fact]
    public void An_ejection_a_zone_and_slow_start_rebuild_nothing()
    {
        var built = _cache.For(_members);
        Assert.Same(built, _cache.For([.. _members]));
        Assert.Same(built, _cache.For(_members.Without(_members[1].Cell)));
        Assert.Same(built, _cache.For([.. _members.Select(member => member with { Factor = 0.5, Zone = "a", Degraded = true, Held = true })]));
    }

    [Fact]
    public void Another_weight_endpoint_number_or_order_of_endpoints_does()
    {
        Assert.NotSame(_cache.For(_members), _cache.For([_members[0] with { Weight = 2 }, .. _members[1..]]));
        Assert.NotSame(_cache.For(_members), _cache.For([new(TestCells.Of("other")), .. _members[1..]]));
        Assert.NotSame(_cache.For(_members), _cache.For(_members[..2]));
        Assert.NotSame(_cache.For(_members), _cache.For([.. _members, new(TestCells.Of("e3"))]));
        Assert.NotSame(_cache.For(_members), _cache.For([.. _members.Reverse()]));
    }
}
