using CsCheck;
using Gateway.Core.Balancing;
using Gateway.Core.Cells;

namespace Gateway.Tests.Balancing;

/// <summary>A new picker continues where the old one was: haproxy#1282 and traefik#8787 flood the first server after a reload.</summary>
public sealed class RebuildTests
{
    private readonly EndpointCell[] _cells = [TestCells.Of("a"), TestCells.Of("b"), TestCells.Of("c"), TestCells.Of("d")];
    private readonly PickerBuilder _builder = new();

    [Fact]
    public void Nothing_changed_goes_on_with_the_next()
    {
        Assert.Equal("a b", RoundRobin(_cells).NextHosts(2));
        Assert.Equal("c d a", RoundRobin(_cells).NextHosts(3));
    }

    [Fact]
    public void After_a_removal_the_endpoint_that_was_due_is_next()
    {
        Assert.Equal("a b", RoundRobin(_cells).NextHosts(2));
        Assert.Equal("c d b c", RoundRobin(_cells[1..]).NextHosts(4));
    }

    [Fact]
    public void When_the_one_that_was_due_is_removed_the_one_after_it_is_next()
    {
        Assert.Equal("a b", RoundRobin(_cells).NextHosts(2));
        Assert.Equal("d a b d", RoundRobin([_cells[0], _cells[1], _cells[3]]).NextHosts(4));
    }

    [Fact]
    public void A_joining_endpoint_comes_after_those_that_wait_and_before_those_just_served()
    {
        Assert.Equal("a b", RoundRobin(_cells).NextHosts(2));
        Assert.Equal("c d e a b c", RoundRobin([.. _cells, TestCells.Of("e")]).NextHosts(6));
    }

    [Fact]
    public void An_endpoint_that_replaces_one_that_was_due_starts_in_the_middle_of_the_others()
    {
        // The others have just been served, or one of them waits.
        Assert.Equal("a b c", RoundRobin(_cells).NextHosts(3));
        _cells[3] = TestCells.Of("e");
        Assert.Equal("a b c e a b", RoundRobin(_cells).NextHosts(6));
        _cells[3] = TestCells.Of("f");
        Assert.Equal("c f a b", RoundRobin(_cells).NextHosts(4));
    }

    [Fact]
    public void An_endpoint_listed_first_anew_does_not_go_first()
    {
        Assert.Equal("a b", RoundRobin(_cells).NextHosts(2));
        Assert.Equal("c d e a b", RoundRobin([TestCells.Of("e"), .. _cells]).NextHosts(5));
    }

    [Fact]
    public void A_reweighted_pool_goes_on_with_those_that_waited_the_heavier_first()
    {
        Assert.Equal("a b", Build(Strategy.Weighted, _cells.Candidates()).NextHosts(2));
        Assert.Equal("d c", Build(Strategy.Weighted, _cells.Candidates(2, 2, 2, 3)).NextHosts(2));
    }

    [Fact]
    public void The_strategy_itself_can_change_in_between()
    {
        Assert.Equal("a b", Build(Strategy.Weighted, _cells.Candidates()).NextHosts(2));
        Build(Strategy.Random, _cells.Candidates()).NextHosts(2);
        Assert.Equal("c d a", RoundRobin(_cells).NextHosts(3));
    }

    [Fact]
    public void An_ejected_endpoint_that_comes_back_waits_as_long_as_it_had_left()
    {
        Assert.Equal("a b c", RoundRobin(_cells).NextHosts(3));
        Assert.Equal("d a b", Build(Strategy.RoundRobin, _cells.Candidates().Without(_cells[2])).NextHosts(3));
        Assert.Equal("d a b c d", RoundRobin(_cells).NextHosts(5));
    }

    [Fact]
    public void A_picker_that_requests_still_hold_draws_from_the_same_turns()
    {
        var old = RoundRobin(_cells);
        Assert.Equal("a", old.NextHosts(1));
        var next = RoundRobin(_cells);
        Assert.Equal("b", old.NextHosts(1));
        Assert.Equal("c", next.NextHosts(1));
    }

    [Fact]
    public void Only_other_endpoints_or_weights_make_a_new_order()
    {
        var ledger = new TurnLedger();
        var members = _cells.Candidates();
        var turns = ledger.Continue(_cells[..3], [1, 1, 2], members);
        Assert.Same(turns, ledger.Continue(_cells[..3], [1, 1, 2], members));
        var reweighted = ledger.Continue(_cells[..3], [1, 1, 3], members);
        Assert.NotSame(turns, reweighted);
        Assert.NotSame(reweighted, ledger.Continue(_cells[1..], [1, 1, 3], members));
    }

    /// <summary>Else a pool whose endpoints come and go would keep every one that it has ever had, and what they were owed.</summary>
    [Fact]
    public void An_endpoint_that_leaves_and_returns_starts_with_nothing_owed()
    {
        Assert.Equal("a b c", RoundRobin(_cells).NextHosts(3));
        Assert.Equal("d", RoundRobin([_cells[0], _cells[1], _cells[3]]).NextHosts(1));
        Assert.Equal("a b c d", RoundRobin(_cells).NextHosts(4));
    }

    [Fact]
    public void With_new_weights_before_every_pick_each_endpoint_still_gets_its_share_to_within_three_turns() =>
        Gen.Int[1, 20].Array[6].Array[1, 300].Sample(
            rounds =>
            {
                var (builder, cells) = (new PickerBuilder(), TestCells.Many(6));
                var behind = cells.ToDictionary(cell => cell, _ => 0d);
                foreach (var weights in rounds)
                {
                    var picked = builder.Build(Strategy.Weighted, cells.Candidates(weights)).Next();
                    Book(behind, cells.Candidates(weights), picked);
                    Assert.All(behind.Values, turns => Assert.InRange(turns, -3, 3));
                }
            },
            iter: 50);

    [Theory]
    [InlineData(Strategy.RoundRobin)]
    [InlineData(Strategy.LeastConnections)]
    [InlineData(Strategy.HealthBased)]
    public void With_a_flapping_member_at_every_pick_the_others_stay_even(Strategy strategy) =>
        Gen.Bool.Array[6].Array[1, 300].Sample(
            rounds =>
            {
                var (builder, cells) = (new PickerBuilder(), TestCells.Many(8));
                var behind = cells.ToDictionary(cell => cell, _ => 0d);
                foreach (var up in rounds)
                {
                    Candidate[] members =
                        [.. cells.Select((cell, i) => new Candidate(cell, Available: i >= up.Length || up[i]))];
                    Book(behind, members, builder.Build(strategy, members).Next());
                    Assert.All(behind.Values, turns => Assert.InRange(turns, -3, 3));
                }
            },
            iter: 50);

    [Fact]
    public void With_a_member_added_and_removed_at_every_pick_the_others_stay_even()
    {
        var counts = new Dictionary<EndpointCell, int>();
        for (var n = 0; n < 1_000; n++)
        {
            EndpointCell[] members = n % 2 == 0 ? [TestCells.Of("x"), .. _cells] : _cells;
            var picked = RoundRobin(members).Next(n);
            counts[picked] = counts.GetValueOrDefault(picked) + 1;
        }

        var served = _cells.Select(cell => counts[cell]).ToArray();
        Assert.InRange(served.Max() - served.Min(), 0, 2);
    }

    private static void Book(Dictionary<EndpointCell, double> behind, Candidate[] members, EndpointCell picked)
    {
        var available = members.Where(member => member.Available).ToArray();
        Array.ForEach(available, member => behind[member.Cell] += (double)member.Weight / available.Sum(each => each.Weight));
        behind[picked] -= 1;
    }

    private Picker RoundRobin(EndpointCell[] cells) => Build(Strategy.RoundRobin, cells.Candidates());

    private Picker Build(Strategy strategy, Candidate[] members) => _builder.Build(strategy, members);
}
