using Gateway.Core.Addressing;
using Gateway.Core.Membership;

namespace Gateway.Tests.Membership;

public sealed class ReplicaIdTests
{
    [Fact]
    public void Ids_are_ordered_by_the_bytes_of_the_address_then_by_uid() => Assert.Equal(
        [new("B:1", 5), new("a:1", 1), new("a:1", 2), new("b:1", 0)],
        new[] { new ReplicaId("b:1", 0), new("a:1", 2), new("B:1", 5), new("a:1", 1) }.Order());

    [Theory]
    [InlineData("a:1", 1, "b:1", 1, -1)]
    [InlineData("a:1", 9, "b:1", 1, -1)]
    [InlineData("a:1", 1, "a:1", 2, -1)]
    [InlineData("a:1", 1, "a:1", 1, 0)]
    [InlineData("a:1", 2, "a:1", 1, 1)]
    [InlineData("b:1", 1, "a:1", 9, 1)]
    public void The_operators_follow_that_order(string address, long uid, string otherAddress, long otherUid, int order)
    {
        var (id, other) = (new ReplicaId(address, uid), new ReplicaId(otherAddress, otherUid));
        Assert.Equal((order < 0, order <= 0, order > 0, order >= 0), (id < other, id <= other, id > other, id >= other));
    }

    [Fact]
    public void It_is_shown_with_its_uid_since_an_address_can_come_back() => Assert.Equal("10.0.0.1:4053#7", new ReplicaId("10.0.0.1:4053", 7).ToString());

    [Fact]
    public void The_id_of_a_member_has_a_cluster_address_and_that_of_a_replica_in_no_cluster_has_none()
    {
        Assert.Equal(new HostPort("10.0.0.1", 4053), new ReplicaId("10.0.0.1:4053", 7).ClusterAddress);
        var fault = Assert.Throws<InvalidOperationException>(() => new ReplicaId("gateway-1", 0).ClusterAddress);
        Assert.Equal("'gateway-1' is not a cluster address (host:port)", fault.Message);
    }
}
