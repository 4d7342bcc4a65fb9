using CsCheck;
using Gateway.Core.Endpoints;
using Gateway.Core.Membership;
using Gateway.Core.Overrides;
using Gateway.Core.Pools;

namespace Gateway.Tests.Overrides;

public sealed class OverrideMapTests
{
    private static readonly ReplicaId Here = new("a:1", 7);

    private static readonly Gen<EndpointOverride> Word =
        Gen.Select(Gen.Long[1, 4], Gen.Int[1, 3], Gen.Bool, Gen.Bool, Gen.Int[0, 3], Gen.Bool).Select((time, writer, removed, draining, weight, added) =>
            new EndpointOverride(
                new(time, new($"r{writer}:1", 1)), removed, added ? new AddedEndpoint(weight + 1) : null, weight == 0 ? null : weight, draining));

    private static readonly Gen<OverrideMap> Map = Gen.Select(Gen.Int[1, 4], Word).Array[0, 8]
        .Select(words => words.Aggregate(OverrideMap.Empty, (map, word) => map.With(Id(word.Item1), word.Item2)));

    [Fact]
    public void Merging_does_not_mind_the_order() => Gen.Select(Map, Map).Sample((a, b) => Assert.Equal(a.Merge(b), b.Merge(a)));

    [Fact]
    public void Merging_does_not_mind_how_it_is_grouped() =>
        Gen.Select(Map, Map, Map).Sample((a, b, c) => Assert.Equal(a.Merge(b).Merge(c), a.Merge(b.Merge(c))));

    [Fact]
    public void Merging_again_changes_nothing() => Gen.Select(Map, Map).Sample((a, b) =>
    {
        Assert.Equal(a, a.Merge(a));
        Assert.Equal(a.Merge(b), a.Merge(b).Merge(a));
    });

    [Fact]
    public void A_map_that_is_divided_and_merged_is_whole_again() => Map.Sample(map =>
        Assert.Equal(map, map.Where(id => id.Address.Port % 2 == 0).Merge(map.Where(id => id.Address.Port % 2 == 1))));

    [Fact]
    public void A_change_wins_over_all_that_its_writer_had_seen() => Gen.Select(Map, Gen.Int[1, 4]).Sample((map, number) =>
    {
        var changed = Change(map, number, new EndpointChange.Reweight(200));
        Assert.Equal(200, map.Merge(changed)[Id(number)]!.Weight);
        Assert.Equal(200, changed.Merge(map)[Id(number)]!.Weight);
    });

    [Fact]
    public void What_is_removed_stays_removed_when_older_words_come_late()
    {
        var drained = Change(OverrideMap.Empty, 1, new EndpointChange.Drain());
        var removed = Change(drained, 1, new EndpointChange.Remove());
        Assert.Equal([2], Ports(removed.Merge(drained).Apply(Pool(2))));
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
        Assert.All(map.All, word => Assert.True(word.Value.IsEmpty));
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

    private static PoolSettings Pool2 { get; } = Pool(2);

    private static EndpointId Id(int number, string pool = "default") => new(pool, Address(number));

    private static EndpointAddress Address(int number) => TestEndpoints.Address($"http://10.0.0.1:{number}");

    private static PoolSettings Pool(int count) =>
        new() { Name = "default", Endpoints = [.. Enumerable.Range(1, count).Select(i => new EndpointSettings(Address(i)))] };

    private static IEnumerable<int> Ports(PoolSettings pool) => pool.Endpoints.Select(e => e.Address.Port);

    private static OverrideMap Change(OverrideMap map, int number, EndpointChange change, string pool = "default")
    {
        var id = Id(number, pool);
        return map.With(id, change.On(map[id], new(map.Time + 1, Here), "test"));
    }
}
