using CsCheck;
using Gateway.Core.Balancing;
using Gateway.Core.Priorities;
using Gateway.Tests.Balancing;

namespace Gateway.Tests.Priorities;

public sealed class PrioritySplitTests
{
    private enum State
    {
        Healthy,
        Out,
        Held,
        TrialsOnly,
        Draining,
    }

    /// <summary>Envoy's documented results for an overprovisioning factor of 1.4, in percent healthy and percent of the load.</summary>
    [Theory]
    [InlineData("100/100", "100 0")]
    [InlineData("72/100", "100 0")]
    [InlineData("71/100", "99 1")]
    [InlineData("50/100", "70 30")]
    [InlineData("50/50", "70 30")]
    [InlineData("25/100", "35 65")]
    [InlineData("25/25", "50 50")]
    [InlineData("0/100", "0 100")]
    [InlineData("25/0", "100 0")]
    [InlineData("0/25", "0 100")]
    [InlineData("25/25/50", "35 35 30")]
    [InlineData("5/0/20", "20 0 80")]
    public void Load_that_a_level_cannot_carry_spills_over(string healthy, string loads) =>
        Assert.Equal(loads, Loads(PrioritySplit.Decide(Levels([.. healthy.Split('/').Select(int.Parse)]), 0)));

    [Fact]
    public void A_third_that_rounding_leaves_over_goes_to_the_first_level_that_is_healthy_at_all()
    {
        // 7 + 14 = 21: 7 * 100 / 21 = 33 and 14 * 100 / 21 = 66.
        Assert.Equal("0 34 66", Loads(PrioritySplit.Decide(Levels(0, 5, 10), 0)));
    }

    [Fact]
    public void With_nobody_healthy_the_first_level_is_asked_first() =>
        Assert.Equal("100 0", Loads(PrioritySplit.Decide(Levels(0, 0), 0)));

    [Fact]
    public void One_level_gets_everything_whatever_its_health()
    {
        Assert.Equal("100", Loads(PrioritySplit.Decide(Levels(10), 0)));
        Assert.Empty(PrioritySplit.Decide([], 50));
    }

    [Theory]
    [InlineData(50, 49, true)]
    [InlineData(50, 50, false)]
    [InlineData(0, 0, false)]
    [InlineData(90, 80, true)]
    public void A_pool_without_priorities_panics_below_its_threshold(int threshold, int healthy, bool panic) =>
        Assert.Equal(panic, Assert.Single(PrioritySplit.Decide(Levels(healthy), threshold)).Panic);

    [Fact]
    public void A_level_panics_only_while_all_together_cannot_carry_everything()
    {
        // 14 + 84 = 98 of 100: the first level panics and keeps its load.
        var levels = PrioritySplit.Decide(Levels(10, 60), 50);
        Assert.Equal([true, false], levels.Select(level => level.Panic));
        Assert.Equal("15 85", Loads(levels));
        Assert.All(PrioritySplit.Decide(Levels(10, 70), 50), level => Assert.False(level.Panic));
    }

    /// <summary>Otherwise a request for which the others have no room would be sent past its open breakers.</summary>
    [Fact]
    public void A_level_that_carries_nothing_does_not_panic() => Assert.Equal(
        [(0, false), (100, false)], PrioritySplit.Decide(Levels(0, 50), 50).Select(level => (level.Load, level.Panic)));

    [Fact]
    public void When_all_levels_panic_requests_go_by_the_number_of_endpoints_that_do_not_drain()
    {
        Candidate[] members = [.. Level(0, 30, _ => State.Out), .. Level(1, 20, i => i < 10 ? State.Draining : State.Out)];
        var levels = PrioritySplit.Decide(members, 50);
        Assert.All(levels, level => Assert.True(level.Panic));
        Assert.Equal("75 25", Loads(levels));
    }

    [Fact]
    public void One_that_drains_or_is_held_is_missing_as_one_that_has_failed()
    {
        Assert.Equal("70 30", Loads(PrioritySplit.Decide([.. Level(0, 2, i => i == 0 ? State.Draining : State.Healthy), .. Level(1, 2)], 0)));
        Assert.Equal("70 30", Loads(PrioritySplit.Decide([.. Level(0, 2, i => i == 0 ? State.Held : State.Healthy), .. Level(1, 2)], 0)));
    }

    [Fact]
    public void Trials_do_not_count_beside_closed_ones_but_a_level_that_has_only_them_is_asked()
    {
        // Two of three healthy: 140 * 2 / 3 = 93.
        Assert.Equal("93 7", Loads(PrioritySplit.Decide([.. Level(0, 3, i => i == 0 ? State.TrialsOnly : State.Healthy), .. Level(1, 2)], 0)));
        Assert.Equal("100 0", Loads(PrioritySplit.Decide([.. Level(0, 2, _ => State.TrialsOnly), .. Level(1, 2)], 0)));
    }

    [Fact]
    public void Endpoints_count_and_not_their_weights()
    {
        Candidate[] members = [.. Level(0, 2, i => i == 0 ? State.Out : State.Healthy).Select((member, i) => member with { Weight = i == 0 ? 1 : 99 }), .. Level(1, 1)];
        Assert.Equal("70 30", Loads(PrioritySplit.Decide(members, 0)));
    }

    [Fact]
    public void Priorities_need_not_follow_one_another_nor_stand_in_order() => Assert.Equal(
        [(3, 70), (7, 30)],
        PrioritySplit.Decide([.. Level(7, 2), .. Level(3, 2, i => i == 0 ? State.Out : State.Healthy)], 0).Select(level => (level.Priority, level.Load)));

    [Fact]
    public void It_can_be_read()
    {
        var levels = PrioritySplit.Decide([.. Level(0, 2, i => i == 0 ? State.Out : State.Healthy), .. Level(1, 3)], 0);
        Assert.Equal("70 % to priority 0 (1 of 2 healthy), 30 % to priority 1 (3 of 3 healthy)", PrioritySplit.Describe(levels));
        Assert.Equal("100 % to priority 0 (0 of 2 healthy, panic)", PrioritySplit.Describe(PrioritySplit.Decide(Level(0, 2, _ => State.Out), 50)));
    }

    [Fact]
    public void Loads_sum_to_a_hundred_go_to_no_dead_level_while_another_lives_and_spill_only_past_what_is_carried()
    {
        var level = Gen.Select(Gen.Int[1, 30], Gen.Int[0, 30]).Select((endpoints, healthy) => (Endpoints: endpoints, Healthy: Math.Min(endpoints, healthy)));
        level.Array[1, 5].Sample(levels =>
        {
            Candidate[] members = [.. levels.SelectMany((each, priority) => Level(priority, each.Endpoints, i => i < each.Healthy ? State.Healthy : State.Out))];
            var split = PrioritySplit.Decide(members, 0);

            Assert.Equal(100, split.Sum(each => each.Load));
            Assert.All(split, each => Assert.InRange(each.Load, 0, 100));
            if (split.Any(each => each.Healthy > 0))
            {
                Assert.All(split.Where(each => each.Healthy == 0), each => Assert.Equal(0, each.Load));
            }

            var whole = split.FirstOrDefault(each => each.Healthy * 140 >= each.Endpoints * 100);
            if (whole is not null)
            {
                Assert.All(split.Where(each => each.Priority > whole.Priority), each => Assert.Equal(0, each.Load));
            }
        });
    }

    /// <summary>A level of a hundred endpoints for each of these percentages healthy.</summary>
    private static Candidate[] Levels(params int[] healthy) =>
        [.. healthy.SelectMany((percent, priority) => Level(priority, 100, i => i < percent ? State.Healthy : State.Out))];

    private static Candidate[] Level(int priority, int endpoints, Func<int, State>? state = null) =>
    [
        .. Enumerable.Range(0, endpoints).Select(i => state?.Invoke(i) is { } its and not State.Healthy
            ? Member(priority) with { Available = its is State.Held or State.TrialsOnly, Held = its == State.Held, TrialsOnly = its == State.TrialsOnly, Draining = its == State.Draining }
            : Member(priority)),
    ];

    private static Candidate Member(int priority) => new(TestCells.Of("e"), Priority: priority);

    private static string Loads(IEnumerable<PriorityLevel> levels) => string.Join(' ', levels.Select(level => level.Load));
}
