using Gateway.Core.Grants;
using Gateway.Core.Membership;

namespace Gateway.Tests.Grants;

public sealed class GranterTests
{
    [Fact]
    public void All_who_see_the_same_members_come_to_the_same_granter()
    {
        var replicas = Replicas(5);
        Assert.All(Enumerable.Range(1, 50), n =>
            Assert.Single(replicas.Select(self => Granter.Of(TestEndpoints.Id(n), new(self.Id, replicas.Reverse()))).Distinct()));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    public void Replicas_of_all_versions_come_to_the_same_granter(int endpoint, int granter)
    {
        var replicas = Replicas(3);
        Assert.Equal(replicas[granter].Id, Granter.Of(TestEndpoints.Id(endpoint), new(replicas[0].Id, replicas)));
    }

    [Fact]
    public void Of_two_incarnations_at_one_address_the_one_with_the_lower_id_grants()
    {
        var old = Replicas(1)[0];
        var restarted = old with { Id = old.Id with { Uid = 9 } };
        Assert.All(Enumerable.Range(1, 10), n => Assert.Equal(old.Id, Granter.Of(TestEndpoints.Id(n), new(restarted.Id, [restarted, old]))));
    }

    [Fact]
    public void Endpoints_are_shared_among_all()
    {
        var replicas = Replicas(5);
        var view = new ClusterView(replicas[0].Id, replicas);
        var counts = Enumerable.Range(0, 1_000).CountBy(n => Granter.Of(TestEndpoints.Id(n % 250, $"pool{n / 250}"), view)!.Value).ToDictionary();
        Assert.All(replicas, replica => Assert.InRange(counts[replica.Id], 150, 250));
    }

    [Fact]
    public void When_one_leaves_only_what_it_granted_is_granted_by_another()
    {
        var replicas = Replicas(5);
        var (before, after) = (new ClusterView(replicas[0].Id, replicas), new ClusterView(replicas[0].Id, replicas[..4]));
        Assert.All(Enumerable.Range(1, 200).Select(n => TestEndpoints.Id(n)), endpoint =>
        {
            var granter = Granter.Of(endpoint, before);
            Assert.True(granter == replicas[4].Id || granter == Granter.Of(endpoint, after));
        });
    }

    [Fact]
    public void Sidecars_and_those_out_of_reach_grant_nothing()
    {
        Replica[] replicas =
        [
            Replicas(1)[0] with { Sidecar = true },
            .. Replicas(3)[1..].Select(replica => replica with { Reachable = false }),
            .. Replicas(4)[3..],
        ];
        Assert.All(Enumerable.Range(1, 50), n =>
            Assert.Equal(replicas[3].Id, Granter.Of(TestEndpoints.Id(n), new(replicas[0].Id, replicas))));
    }

    [Fact]
    public void A_lone_replica_has_nobody_to_ask()
    {
        var replicas = Replicas(2);
        Assert.Null(Granter.Of(TestEndpoints.Id(1), ClusterView.Alone(replicas[0])));
        Assert.Null(Granter.Of(TestEndpoints.Id(1), new(replicas[0].Id, [replicas[0], replicas[1] with { Reachable = false }])));
        Assert.Null(Granter.Of(TestEndpoints.Id(1), ClusterView.Alone(replicas[0] with { Sidecar = true })));
    }

    internal static Replica[] Replicas(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Replica(new($"r{i}:4053", i + 1), null, false, ReplicaStatus.Up, true, $"r{i}"))];
}
