using System.Collections.Immutable;
using Gateway.Core.Membership;

namespace Gateway.Tests.Membership;

public sealed class SettingsComparisonTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly ReplicaId Other = new("b:1", 1);
    private static readonly SettingsComparison Begun = new SettingsComparison(Grace).WithOwn(Pools(("default", 1), ("shop", 2)), At(0));

    [Fact]
    public void Nothing_is_shown_of_a_replica_that_has_reported_nothing() => Assert.Empty(Begun.Differences(At(1000)));

    [Fact]
    public void The_same_settings_differ_in_nothing() =>
        Assert.Empty(Assert.Single(Begun.Hear(Other, Pools(("shop", 2), ("default", 1)), At(0)).Differences(At(1000))).Value);

    [Fact]
    public void Pools_that_differ_or_are_missing_on_either_side_are_named_when_it_has_lasted()
    {
        var told = Begun.Hear(Other, Pools(("default", 9), ("new", 3)), At(10));
        Assert.Empty(told.Differences(At(39))[Other]);
        Assert.Equal(["default", "new", "shop"], told.Differences(At(40))[Other].AsEnumerable());
    }

    [Fact]
    public void A_reload_that_reaches_one_replica_after_the_other_is_not_a_difference()
    {
        var half = Begun.Hear(Other, Pools(("default", 1), ("shop", 7)), At(0));
        var whole = half.WithOwn(Pools(("default", 1), ("shop", 7)), At(29));
        Assert.Empty(whole.Differences(At(60))[Other]);
        var next = whole.WithOwn(Pools(("default", 1), ("shop", 8)), At(60));
        Assert.Empty(next.Differences(At(89))[Other]);
        Assert.Equal(["shop"], next.Differences(At(90))[Other].AsEnumerable());
    }

    [Fact]
    public void One_that_left_is_forgotten() =>
        Assert.Empty(Begun.Hear(Other, Pools(("default", 9)), At(0)).Keep([new("b:1", 2)], At(50)).Differences(At(100)));

    [Fact]
    public void One_that_stays_is_compared_from_when_it_began_to_differ_though_another_leaves()
    {
        var gone = new ReplicaId("c:1", 1);
        var both = Begun.Hear(Other, Pools(("default", 9), ("shop", 2)), At(0)).Hear(gone, Pools(("default", 9)), At(0));
        var differences = both.Keep([Other], At(20)).Differences(At(30));
        Assert.Equal(["default"], Assert.Single(differences).Value.AsEnumerable());
    }

    private static TimeSpan At(int seconds) => TimeSpan.FromSeconds(seconds);

    private static ImmutableSortedDictionary<string, long> Pools(params (string Name, long Digest)[] pools) =>
        pools.ToImmutableSortedDictionary(p => p.Name, p => p.Digest);
}
