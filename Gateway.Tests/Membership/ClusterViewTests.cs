using Gateway.Core.Membership;

namespace Gateway.Tests.Membership;

public sealed class ClusterViewTests
{
    private static readonly Replica A1 = Of("10.0.0.1:4053", "a");
    private static readonly Replica A2 = Of("10.0.0.2:4053", "a");
    private static readonly Replica B1 = Of("10.0.0.3:4053", "b");
    private static readonly Replica Zoneless = Of("10.0.0.4:4053", null);

    [Fact]
    public void Replicas_stand_in_the_same_order_whatever_the_order_they_came_in()
    {
        var view = new ClusterView(A1.Id, [B1, A1, A2]);
        Assert.Equal([A1, A2, B1], view.Replicas.AsEnumerable());
        Assert.Equal(view, new ClusterView(A1.Id, [A2, B1, A1]));
    }

    [Theory]
    [InlineData(ReplicaStatus.Joining, false)]
    [InlineData(ReplicaStatus.WeaklyUp, true)]
    [InlineData(ReplicaStatus.Up, true)]
    [InlineData(ReplicaStatus.Leaving, false)]
    [InlineData(ReplicaStatus.Exiting, false)]
    [InlineData(ReplicaStatus.Down, false)]
    public void A_gateway_counts_while_it_is_up_or_weakly_up(ReplicaStatus status, bool counts) =>
        Assert.Equal(counts, new ClusterView(A1.Id, [A1, B1 with { Status = status }]).Gateways.Contains(B1 with { Status = status }));

    [Fact]
    public void A_sidecar_is_seen_but_counts_in_nothing()
    {
        var sidecar = A2 with { Sidecar = true };
        var view = new ClusterView(A1.Id, [A1, sidecar]);
        Assert.Contains(sidecar, view.Replicas);
        Assert.Equal([A1], view.Gateways.AsEnumerable());
        Assert.Equal([A1], view.GatewaysByZone["a"].AsEnumerable());
    }

    [Fact]
    public void One_that_is_not_heard_from_counts_as_a_gateway_but_not_as_a_reachable_one()
    {
        var silent = B1 with { Reachable = false };
        var view = new ClusterView(A1.Id, [A1, silent]);
        Assert.Equal(2, view.Gateways.Length);
        Assert.Equal([A1], view.ReachableGateways.AsEnumerable());
    }

    [Fact]
    public void Having_no_zone_is_a_zone()
    {
        var view = new ClusterView(A1.Id, [A1, A2, B1, Zoneless]);
        Assert.Equal(["", "a", "b"], view.GatewaysByZone.Keys);
        Assert.Equal([Zoneless], view.GatewaysByZone[ClusterView.NoZone].AsEnumerable());
    }

    [Fact]
    public void A_view_differs_when_anything_of_a_replica_does() =>
        Assert.NotEqual(new ClusterView(A1.Id, [A1, B1]), new ClusterView(A1.Id, [A1, B1 with { Reachable = false }]));

    [Fact]
    public void A_view_differs_by_whose_it_is_by_its_oldest_and_by_its_leader()
    {
        var view = new ClusterView(A1.Id, [A1, B1], A1.Id, A1.Id);
        Assert.NotEqual(view, new ClusterView(B1.Id, [A1, B1], A1.Id, A1.Id));
        Assert.NotEqual(view, new ClusterView(A1.Id, [A1, B1], B1.Id, A1.Id));
        Assert.NotEqual(view, new ClusterView(A1.Id, [A1, B1], A1.Id, B1.Id));
        Assert.False(view.Equals(null));
    }

    [Fact]
    public void A_replica_cannot_have_a_view_without_itself() =>
        Assert.Throws<InvalidOperationException>(() => new ClusterView(B1.Id, [A1, A2]));

    [Fact]
    public void Replicas_are_displayed_by_name_whatever_their_ids()
    {
        var (first, second) = (B1 with { Name = "gateway-1" }, A1 with { Name = "gateway-2" });
        Assert.Equal([first, second], new ClusterView(A1.Id, [second, first]).ByName);
    }

    [Fact]
    public void Every_member_is_found_in_a_view_of_any_size_and_nobody_else()
    {
        Replica[] all = [.. Enumerable.Range(0, 20).Select(i => Of($"10.0.0.{i:00}:4053", null))];
        foreach (var count in Enumerable.Range(1, 9))
        {
            // Every other one is a member, so that strangers sort before, between and after them.
            Replica[] members = [.. all.Where((_, i) => i % 2 == 1).Take(count)];
            var view = new ClusterView(members[0].Id, members);
            Assert.All(all, replica => Assert.Equal(members.Contains(replica) ? replica : null, view.Find(replica.Id)));
        }
    }

    [Fact]
    public void A_replica_alone_is_oldest_and_leader_of_its_cluster_of_one()
    {
        var view = ClusterView.Alone(A1);
        Assert.Equal((A1, A1.Id, A1.Id), (view.Self, view.Oldest, view.Leader));
        Assert.Equal([A1], view.ReachableGateways.AsEnumerable());
        Assert.Equal((A1, null), (view.Find(A1.Id), view.Find(B1.Id)));
    }

    private static Replica Of(string address, string? zone) => new(new(address, 1), zone, false, ReplicaStatus.Up, true, address);
}
