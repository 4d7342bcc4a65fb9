using Gateway.Core.Evidence;
using Gateway.Core.Membership;

namespace Gateway.Tests.Evidence;

public sealed class ProbeOwnersTests
{
    private const int Endpoints = 2000;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(6, 2)]
    public void Each_endpoint_has_two_owners_in_a_zone_or_as_many_as_the_zone_has_replicas(int replicas, int owners)
    {
        var zone = Enumerable.Range(1, replicas).Select(i => Cast.Id(i)).ToList();
        Assert.All(Enumerable.Range(1, 50), i => Assert.Equal(owners, ProbeOwners.Of(TestEndpoints.Address(i), zone).Distinct().Count()));
    }

    [Fact]
    public void Each_replica_owns_about_its_share()
    {
        var zone = Enumerable.Range(1, 10).Select(i => Cast.Id(i)).ToList();
        var owned = All(zone).SelectMany(owners => owners).CountBy(owner => owner).ToList();
        Assert.Equal(10, owned.Count);
        Assert.All(owned, count => Assert.InRange(count.Value, Endpoints * 2 / 10 * 0.8, Endpoints * 2 / 10 * 1.2));
    }

    [Fact]
    public void Whoever_leaves_hands_over_what_it_owned_and_nothing_else_moves()
    {
        var zone = Enumerable.Range(1, 10).Select(i => Cast.Id(i)).ToList();
        var (before, after) = (All(zone), All(zone[1..]));
        var moved = 0;
        for (var i = 0; i < Endpoints; i++)
        {
            var stayed = before[i].Where(owner => owner != Cast.Id(1)).ToList();
            Assert.Equal(stayed, after[i].Take(stayed.Count));
            moved += after[i].Except(before[i]).Count();
        }

        // Its share: two owners per endpoint, over ten replicas.
        Assert.InRange(moved, Endpoints * 2 / 10 * 0.8, Endpoints * 2 / 10 * 1.2);
    }

    [Fact]
    public void A_replica_that_restarts_gets_back_what_it_had_and_the_order_in_which_members_are_listed_does_not_matter()
    {
        ReplicaId[] before = [Cast.Id(1), Cast.Id(2), Cast.Id(3)];
        ReplicaId[] after = [Cast.Id(3), Cast.Id(2, uid: 77), Cast.Id(1)];
        Assert.All(Enumerable.Range(1, 50).Select(TestEndpoints.Address), endpoint => Assert.Equal(
            ProbeOwners.Of(endpoint, before).Select(owner => owner.Address), ProbeOwners.Of(endpoint, after).Select(owner => owner.Address)));
    }

    [Fact]
    public void Owners_are_reachable_gateways_of_ones_own_zone_and_no_zone_is_a_zone()
    {
        var view = Cast.ViewOf(
            Cast.Replica(1, zone: null),
            Cast.Replica(2, zone: null),
            Cast.Replica(3, zone: null, reachable: false),
            Cast.Replica(4, zone: null, sidecar: true),
            Cast.Replica(5, zone: "a"));
        Assert.All(Enumerable.Range(1, 50), i => Assert.Equal(
            [Cast.Id(1), Cast.Id(2)], ProbeOwners.Of(TestEndpoints.Address(i), view).Order()));
    }

    private static List<ReplicaId[]> All(IReadOnlyList<ReplicaId> zone) =>
        [.. Enumerable.Range(0, Endpoints).Select(i => ProbeOwners.Of(TestEndpoints.Address($"http://10.{i / 250}.0.{i % 250}:80"), zone).ToArray())];
}
