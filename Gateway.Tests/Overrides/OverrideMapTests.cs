using CsCheck;
using Gateway.Core.Addressing;
using Gateway.Core.Endpoints;
using Gateway.Core.Overrides;
using Gateway.Core.Pools;

namespace Gateway.Tests.Overrides;

public sealed class OverrideMapTests
{
    private const long Here = 7;

    /// <summary>The maps of three replicas, after changes at any of them and merges between any two.</summary>
    private static readonly Gen<OverrideMap[]> Histories = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[1, 3], Gen.Int[0, 6]).Array[0, 30].Select(steps =>
    {
        OverrideMap[] maps = [OverrideMap.Empty, OverrideMap.Empty, OverrideMap.Empty];
        foreach (var (at, from, number, what) in steps)
        {
            maps[at] = at != from ? maps[at].Merge(maps[from]) : maps[at].Change(Id(number), ChangeOf(what), at + 1, "test");
        }

        return maps;
    });

    [Fact]
    public void Merging_does_not_mind_the_order() => Histories.Sample(maps => Assert.Equal(maps[0].Merge(maps[1]), maps[1].Merge(maps[0])));

    [Fact]
    public void Merging_does_not_mind_how_it_is_grouped() =>
        Histories.Sample(maps => Assert.Equal(maps[0].Merge(maps[1]).Merge(maps[2]), maps[0].Merge(maps[1].Merge(maps[2]))));

    [Fact]
    public void Merging_again_changes_nothing() => Histories.Sample(maps =>
    {
        Assert.Same(maps[0], maps[0].Merge(maps[0]));
        var merged = maps[0].Merge(maps[1]);
        Assert.Same(merged, merged.Merge(maps[1]));
    });

    [Fact]
    public void A_change_wins_over_all_that_its_writer_had_seen() => Gen.Select(Histories, Gen.Int[1, 3], Gen.Int[0, 6]).Sample((maps, number, what) =>
    {
        var seen = maps[0].Merge(maps[1]);
        var changed = seen.Change(Id(number), ChangeOf(what), Here, "test");
        foreach (var merged in new[] { changed.Merge(seen), seen.Merge(changed), maps[1].Merge(changed), changed.Merge(maps[0]) })
        {
            Assert.Equal(changed[Id(number)], merged[Id(number)]);
        }
    });

    [Fact]
    public void Words_about_different_things_do_not_undo_each_other()
    {
        var before = Change(OverrideMap.Empty, 1, new EndpointChange.Reweight(3));
        var drained = before.Change(Id(1), new EndpointChange.Drain(), 1, "one");
        var weighted = before.Change(Id(1), new EndpointChange.Reweight(9), 2, "other");
        foreach (var merged in new[] { drained.Merge(weighted), weighted.Merge(drained) })
        {
            Assert.Equal((true, 9), (merged[Id(1)]!.Draining, merged[Id(1)]!.Weight));
        }
    }

    [Fact]
    public void Of_two_words_about_the_same_thing_the_later_counts_everywhere()
    {
        var one = OverrideMap.Empty.Change(Id(1), new EndpointChange.Reweight(3), 1, "one");
        var other = OverrideMap.Empty.Change(Id(2), new EndpointChange.Drain(), 2, "other").Change(Id(1), new EndpointChange.Reweight(9), 2, "other");
        Assert.Equal(9, one.Merge(other)[Id(1)]!.Weight);
        Assert.Equal(one.Merge(other), other.Merge(one));
    }

    [Fact]
    public void A_word_that_another_takes_back_without_having_seen_it_stays()
    {
        var drained = OverrideMap.Empty.Change(Id(1), new EndpointChange.Drain(), 1, "one");
        var undrained = OverrideMap.Empty.Change(Id(1), new EndpointChange.Undrain(), 2, "other");
        Assert.True(undrained.Merge(drained)[Id(1)]!.Draining);
        Assert.Null(drained.Merge(undrained).Change(Id(1), new EndpointChange.Undrain(), 2, "other").Merge(drained)[Id(1)]);
    }

    [Fact]
    public void A_removed_override_stays_removed_when_older_changes_arrive_late()
    {
        var drained = Change(OverrideMap.Empty, 1, new EndpointChange.Drain());
        var removed = Change(drained, 1, new EndpointChange.Remove());
        Assert.Equal([2], Ports(removed.Merge(drained).Apply(Pool(2))));
    }

    [Fact]
    public void A_cleared_override_leaves_nothing_and_does_not_come_back_with_a_replica_that_was_away()
    {
        var away = Change(Change(OverrideMap.Empty, 1, new EndpointChange.Drain()), 3, new EndpointChange.Add(new()));
        var reverted = Change(Change(away, 1, new EndpointChange.Undrain()), 3, new EndpointChange.Revert());
        Assert.Empty(reverted.All);
        Assert.Empty(reverted.Merge(away).All);
        Assert.Empty(away.Merge(reverted).All);
    }

    [Fact]
    public void A_pool_without_words_is_as_its_settings_say() => Assert.Same(Pool2, Change(OverrideMap.Empty, 1, new EndpointChange.Drain(), "other").Apply(Pool2));

    [Fact]
    public void Words_change_what_the_settings_say()
    {
        var map = Change(OverrideMap.Empty, 1, new EndpointChange.Drain());
        map = Change(map, 1, new EndpointChange.Reweight(9));
        map = Change(map, 2, new EndpointChange.Remove());
        map = Change(map, 3, new EndpointChange.Add(new(4, "z")));
        var endpoints = map.Apply(Pool2).Endpoints;
        Assert.Equal([1, 3], Ports(map.Apply(Pool2)));
        Assert.Equal((9, true), (endpoints[0].Weight, endpoints[0].Draining));
        Assert.Equal((4, "z", false), (endpoints[1].Weight, endpoints[1].Zone, endpoints[1].Draining));
    }

    [Fact]
    public void Reverted_the_settings_hold_again()
    {
        var map = Change(OverrideMap.Empty, 1, new EndpointChange.Remove());
        map = Change(map, 2, new EndpointChange.Reweight(5));
        map = Change(map, 3, new EndpointChange.Add(new()));
        foreach (var number in new[] { 1, 2, 3 })
        {
            map = Change(map, number, new EndpointChange.Revert());
        }

        Assert.Equal(Pool2.Endpoints.AsEnumerable(), map.Apply(Pool2).Endpoints);
        Assert.Empty(map.All);
    }

    [Fact]
    public void Added_after_it_was_removed_it_is_back()
    {
        var map = Change(OverrideMap.Empty, 1, new EndpointChange.Remove());
        map = Change(map, 1, new EndpointChange.Add(new(3)));
        Assert.Equal([1, 2], Ports(map.Apply(Pool2)));
    }

    [Fact]
    public void An_added_endpoint_that_the_settings_get_too_is_the_settings()
    {
        var map = Change(OverrideMap.Empty, 2, new EndpointChange.Add(new(50)));
        Assert.Equal(1, map.Apply(Pool2).Endpoints[1].Weight);
    }

    [Fact]
    public void Added_endpoints_follow_those_of_the_settings_in_the_order_of_their_addresses()
    {
        var map = new[] { 9, 10, 3 }.Aggregate(OverrideMap.Empty, static (map, number) => Change(map, number, new EndpointChange.Add(new())));
        Assert.Equal([1, 2, 10, 3, 9], Ports(map.Apply(Pool2))); // Addresses are ordered as texts.
    }

    [Fact]
    public void Two_maps_differ_in_the_endpoints_that_only_one_has_and_those_whose_overrides_are_not_the_same()
    {
        var before = new[] { 1, 2, 3 }.Aggregate(OverrideMap.Empty, static (map, number) => Change(map, number, new EndpointChange.Drain()));
        var after = Change(Change(Change(before, 1, new EndpointChange.Undrain()), 3, new EndpointChange.Reweight(9)), 4, new EndpointChange.Add(new()));
        Assert.Equal([1, 3, 4], after.DifferentIn(before).Select(id => id.Address.Port).Order());
        Assert.Equal([1, 3, 4], before.DifferentIn(after).Select(id => id.Address.Port).Order());
        Assert.Empty(after.DifferentIn(after));
        Assert.NotEqual(before, after);
        Assert.False(before.Equals(null));
    }

    private static PoolSettings Pool2 { get; } = Pool(2);

    private static EndpointId Id(int number, string pool = "default") => new(pool, Address(number));

    private static EndpointAddress Address(int number) => TestEndpoints.Address($"http://10.0.0.1:{number}");

    private static PoolSettings Pool(int count) =>
        new() { Name = "default", Endpoints = [.. Enumerable.Range(1, count).Select(i => new EndpointSettings(Address(i)))] };

    private static IEnumerable<int> Ports(PoolSettings pool) => pool.Endpoints.Select(e => e.Address.Port);

    private static OverrideMap Change(OverrideMap map, int number, EndpointChange change, string pool = "default") =>
        map.Change(Id(number, pool), change, Here, "test");

    private static EndpointChange ChangeOf(int number) => number switch
    {
        0 => new EndpointChange.Add(new(2)),
        1 => new EndpointChange.Remove(),
        2 => new EndpointChange.Drain(),
        3 => new EndpointChange.Undrain(),
        4 => new EndpointChange.Reweight(5),
        5 => new EndpointChange.Reweight(6),
        _ => new EndpointChange.Revert(),
    };
}
