using System.Collections.Immutable;
using CsCheck;
using Gateway.Core.Evidence;
using Gateway.Core.Membership;

namespace Gateway.Tests.Evidence;

/// <summary>Probe owners, updated at the cost of the change only.</summary>
public sealed class OwnerMapTests
{
    /// <summary>The replicas besides r1, by zone; the same replica can come back with another uid.</summary>
    private static readonly Gen<Replica[]> Others =
        Gen.Select(Gen.Int[2, 12], Gen.Int[0, 1], Gen.Bool, Gen.Long[1, 2]).Array[0, 12].Select(all => all
            .DistinctBy(one => one.Item1)
            .Select(one => Cast.Replica(one.Item1, one.Item2 == 0 ? "a" : "b", one.Item3, uid: one.Item4))
            .ToArray());

    private static readonly string[] Pools = ["default", "shop"];

    /// <summary>For some of them, the pools with settings different from r1's.</summary>
    private static readonly Gen<ImmutableDictionary<ReplicaId, ImmutableArray<string>>> Differing =
        Gen.Select(Gen.Int[2, 12], Gen.Int[1, 3]).Array[0, 12].Select(all => all
            .DistinctBy(one => one.Item1)
            .ToImmutableDictionary(one => Cast.Id(one.Item1), one => Pools.Where((_, pool) => (one.Item2 & (1 << pool)) != 0).ToImmutableArray()));

    [Fact]
    public void They_are_always_those_that_all_replicas_come_to_and_only_changes_are_published() => Others.Array[1, 6].Sample(views =>
    {
        var map = new OwnerMap(Cast.View());
        var endpoints = Enumerable.Range(1, 40).Select(number => TestEndpoints.Id(number)).ToList();
        var before = endpoints.ToDictionary(endpoint => endpoint, map.Of);
        foreach (var view in views.Select(Cast.View))
        {
            var changed = map.Follow(view).ToHashSet();
            foreach (var endpoint in endpoints)
            {
                var owners = map.Of(endpoint);
                Assert.Equal(ProbeOwners.Of(endpoint.Address, view).AsEnumerable(), owners.AsEnumerable());
                Assert.Equal(!owners.SequenceEqual(before[endpoint]), changed.Contains(endpoint));
                before[endpoint] = owners;
            }
        }
    });

    [Fact]
    public void A_replica_with_other_settings_for_a_pool_owns_nothing_of_it_and_only_changes_are_published() => Gen.Select(Others, Differing).Array[1, 6].Sample(steps =>
    {
        var map = new OwnerMap(Cast.View());
        var endpoints = Enumerable.Range(1, 20).SelectMany(number => Pools.Select(pool => TestEndpoints.Id(number, pool))).ToList();
        var before = endpoints.ToDictionary(endpoint => endpoint, map.Of);
        foreach (var (others, differing) in steps)
        {
            var view = Cast.View(others);
            var changed = map.Follow(view).Concat(map.Follow(differing)).ToHashSet();
            foreach (var endpoint in endpoints)
            {
                var owners = map.Of(endpoint);
                var agreeing = ProbeOwners.ZoneOf(view).Where(replica => !(differing.TryGetValue(replica, out var pools) && pools.Contains(endpoint.Pool)));
                Assert.Equal(ProbeOwners.Of(endpoint.Address, agreeing).AsEnumerable(), owners.AsEnumerable());
                Assert.True(owners.SequenceEqual(before[endpoint]) || changed.Contains(endpoint));
                before[endpoint] = owners;
            }
        }
    });

    [Fact]
    public void A_name_that_is_learnt_and_a_replica_of_another_zone_change_no_owner()
    {
        var map = new OwnerMap(Cast.View(Cast.Replica(2), Cast.Replica(3)));
        Assert.Equal(2, map.Of(TestEndpoints.Id(1)).Length);
        Assert.Empty(map.Follow(Cast.View(Cast.Replica(2) with { Name = "two" }, Cast.Replica(3))));
        Assert.Empty(map.Follow(Cast.View(Cast.Replica(2), Cast.Replica(3), Cast.Replica(4, "b"))));
    }

    [Fact]
    public void A_replica_that_leaves_hands_over_what_it_owned_and_nothing_else()
    {
        var all = Enumerable.Range(2, 9).Select(number => Cast.Replica(number)).ToArray();
        var map = new OwnerMap(Cast.View(all));
        var endpoints = Enumerable.Range(1, 250).Select(number => TestEndpoints.Id(number)).ToList();
        var owned = endpoints.Where(endpoint => map.Of(endpoint).Contains(Cast.Id(5))).ToHashSet();
        Assert.InRange(owned.Count, 20, 90);
        Assert.Equal(owned, map.Follow(Cast.View([.. all.Where(replica => replica.Id != Cast.Id(5))])).ToHashSet());
    }

    [Fact]
    public void A_sidecar_whose_zone_loses_its_last_gateway_knows_no_owner()
    {
        var sidecar = Cast.Replica(1, sidecar: true);
        var map = new OwnerMap(Cast.ViewOf(sidecar, Cast.Replica(2)));
        Assert.Equal([Cast.Id(2)], map.Of(TestEndpoints.Id(1)).AsEnumerable());
        Assert.Equal([TestEndpoints.Id(1)], map.Follow(Cast.ViewOf(sidecar)));
        Assert.Empty(map.Of(TestEndpoints.Id(1)));
    }

    [Fact]
    public void Of_two_incarnations_of_a_replica_the_one_with_the_lower_uid_comes_first_whichever_joins_first()
    {
        var sidecar = Cast.Replica(1, sidecar: true);
        var both = Cast.ViewOf(sidecar, Cast.Replica(2, uid: 1), Cast.Replica(2, uid: 2));
        Assert.Equal([Cast.Id(2, uid: 1), Cast.Id(2, uid: 2)], ProbeOwners.Of(TestEndpoints.Address(1), both).AsEnumerable());
        foreach (var uid in (long[])[1, 2])
        {
            var map = new OwnerMap(Cast.ViewOf(sidecar, Cast.Replica(2, uid: uid)));
            Assert.Equal([Cast.Id(2, uid)], map.Of(TestEndpoints.Id(1)).AsEnumerable());
            map.Follow(both);
            Assert.Equal([Cast.Id(2, uid: 1), Cast.Id(2, uid: 2)], map.Of(TestEndpoints.Id(1)).AsEnumerable());
        }
    }

    [Fact]
    public void A_name_that_is_learnt_touches_only_what_its_bearer_speaks_of()
    {
        var (two, three) = (Cast.Replica(2) with { Name = "10.1.0.2:4053" }, Cast.Replica(3));
        var now = TimeSpan.FromSeconds(1);
        var book = EvidenceBook.Open(Cast.View(two, three), now).Book;
        book = book.OnChunk(two.Id, new(1, 0, 1, [new(TestEndpoints.Id(1), 1, Cast.Good)]), now).Book;
        book = book.OnChunk(three.Id, new(1, 0, 1, [new(TestEndpoints.Id(2), 1, Cast.Good)]), now).Book;
        Assert.Equal(TestEndpoints.Id(1), Assert.Single(book.OnView(Cast.View(two with { Name = "gateway-2" }, three), now).Touched));
        Assert.Empty(book.OnView(Cast.View(two, three, Cast.Replica(4)), now).Touched);
    }
}
