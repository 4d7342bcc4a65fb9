using System.Collections.Immutable;
using Gateway.Core.Balancing;
using Gateway.Core.Cells;
using Gateway.Core.Priorities;
using Gateway.Core.Zones;
using Gateway.Tests.Balancing;

namespace Gateway.Tests.Priorities;

/// <summary>Two levels of four endpoints each, a0 to a3 before b0 to b3, all healthy unless a test changes that.</summary>
public sealed class PriorityPickerTests
{
    private const int Picks = 20_000;

    private readonly EndpointCell[] _first = [.. Enumerable.Range(0, 4).Select(i => TestCells.Of($"a{i}"))];
    private readonly EndpointCell[] _second = [.. Enumerable.Range(0, 4).Select(i => TestCells.Of($"b{i}"))];
    private readonly PriorityPickerBuilder _builder = new();

    public static TheoryData<Strategy> Strategies => TestCells.Strategies;

    [Theory]
    [MemberData(nameof(Strategies))]
    public void While_the_first_level_is_whole_the_second_gets_nothing(Strategy strategy)
    {
        var counts = Build(strategy, Members()).Counts(2_000);
        Assert.Equal(_first.ToHashSet(), [.. counts.Keys]);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void With_half_of_the_first_level_out_thirty_percent_spill_over_and_each_level_shares_by_the_strategy(Strategy strategy)
    {
        var counts = Build(strategy, Members(_first[0], _first[1])).Counts(Picks);
        Assert.Equal([_first[2], _first[3], .. _second], counts.Keys.OrderBy(cell => cell.Id.Address.Host));
        Assert.InRange(_first.Sum(cell => counts.GetValueOrDefault(cell)), 0.68 * Picks, 0.72 * Picks);
        Assert.All(_first[2..], cell => Assert.InRange(counts[cell], 0.28 * Picks, 0.42 * Picks));
        Assert.All(_second, cell => Assert.InRange(counts[cell], 0.055 * Picks, 0.095 * Picks));
    }

    [Fact]
    public void Weights_and_slow_start_count_within_the_level()
    {
        var members = Members(_first[0], _first[1]);
        members[2] = members[2] with { Weight = 3 };
        members[4] = members[4] with { Factor = 0.1 };
        var counts = Build(Strategy.Random, members).Counts(Picks);
        Assert.InRange(counts[_first[2]], 0.5 * Picks, 0.55 * Picks);
        Assert.InRange(counts[_first[3]], 0.155 * Picks, 0.195 * Picks);
        Assert.InRange(counts[_second[0]], 0.005 * Picks, 0.015 * Picks);
    }

    [Theory]
    [InlineData(Strategy.IpHash)]
    [InlineData(Strategy.Maglev)]
    public void A_strategy_that_hashes_moves_the_clients_of_what_failed_and_of_the_spill_alone(Strategy strategy)
    {
        var whole = Owners(strategy, Members());
        var half = Owners(strategy, Members(_first[0], _first[1]));
        var quarter = Owners(strategy, Members(_first[0], _first[1], _first[2]));
        Assert.Equal(half, Owners(strategy, Members(_first[0], _first[1])));
        Assert.Equal(whole, Owners(strategy, Members()));

        // A key that has not spilled over and whose endpoint is available has not moved.
        Assert.All(whole.Zip(half), pair => Assert.True(
            pair.First == pair.Second || _second.Contains(pair.Second) || pair.First == _first[0] || pair.First == _first[1]));

        // A key that has spilled over keeps its endpoint while more spill over.
        Assert.All(half.Zip(quarter), pair => Assert.True(!_second.Contains(pair.First) || pair.First == pair.Second));
        Assert.InRange(half.Count(_second.Contains) / (double)half.Count, 0.28, 0.32);
        Assert.InRange(quarter.Count(_second.Contains) / (double)quarter.Count, 0.63, 0.67);
    }

    /// <summary>Else no client alone would ever reach the second level, or a client would change its endpoint with every request.</summary>
    [Theory]
    [MemberData(nameof(Strategies))]
    public void One_clients_requests_stay_in_a_level_only_under_a_strategy_that_hashes(Strategy strategy)
    {
        var picker = Build(strategy, Members(_first[0], _first[1]));
        var levels = strategy is Strategy.IpHash or Strategy.Maglev ? 1 : 2;
        for (var key = 0UL; key < 20; key++)
        {
            Assert.Equal(levels, Enumerable.Range(0, 100).Select(n => PriorityOf(key, n)).Distinct().Count());
        }

        int? PriorityOf(ulong key, int n)
        {
            var result = picker.Pick(TestCells.Context(n) with { Key = key });
            result.Lease.Release();
            return result.Priority;
        }
    }

    /// <summary>Else the draws that lead to a level would lead to some of its endpoints more than to others.</summary>
    [Fact]
    public void The_draw_of_a_level_and_the_draws_within_it_are_independent()
    {
        EndpointCell[] first = [.. _first, .. TestCells.Many(4)];
        var picker = Build(Strategy.Random, [.. first.Select((cell, i) => new Candidate(cell, Available: i < 4)), .. Members()[4..]]);

        // 70 % go to a0 to a3. Half of them draw a second time, a quarter a third time.
        _first[0].Trip();
        _first[2].Trip();
        var counts = picker.Counts(Picks);
        Assert.InRange(counts[_first[1]], 0.34 * Picks, 0.36 * Picks);
        Assert.InRange(counts[_first[3]], 0.34 * Picks, 0.36 * Picks);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void The_other_level_replaces_endpoints_that_have_tripped_or_filled_up_since(Strategy strategy)
    {
        var picker = Build(strategy, Members());
        Array.ForEach(_first[..2], cell => cell.Trip());
        Array.ForEach(_first[2..], cell => cell.Configure(new(), maxInFlight: 0));
        Assert.Equal(_second.ToHashSet(), [.. picker.Counts(500).Keys]);
        Assert.Equal(1, picker.Pick(TestCells.Context(0)).Priority);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_second_attempt_goes_elsewhere_while_there_is_an_elsewhere_at_any_level(Strategy strategy)
    {
        var picker = Build(strategy, Members(_first[0]));
        for (var n = 0; n < 20; n++)
        {
            var tried = TestCells.Tried();
            for (var left = 7; left > 0; left--)
            {
                var next = picker.Next(n, tried);
                Assert.False(tried.Contains(next));
                tried.Add(next);
            }

            Assert.Equal(PickKind.NoneAvailable, picker.Pick(TestCells.Context(n, tried)).Kind);
        }
    }

    [Fact]
    public void Every_level_full_is_saturated()
    {
        var picker = Build(Strategy.RoundRobin, Members(_first[0], _first[1]));
        Array.ForEach([.. _first, .. _second], cell => cell.Configure(new(), maxInFlight: 0));
        Assert.All(Enumerable.Range(0, 20), n => Assert.Equal(PickKind.Saturated, picker.Pick(TestCells.Context(n)).Kind));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_pick_is_saturated_if_one_level_is_full_and_the_other_has_tripped(bool isFirstFull)
    {
        var picker = Build(Strategy.RoundRobin, Members(_first[0], _first[1]));
        var (full, tripped) = isFirstFull ? (_first, _second) : (_second, _first);
        Array.ForEach(full, cell => cell.Configure(new(), maxInFlight: 0));
        Array.ForEach(tripped, cell => cell.Trip());
        Assert.All(Enumerable.Range(0, 20), n => Assert.Equal(PickKind.Saturated, picker.Pick(TestCells.Context(n)).Kind));
    }

    [Fact]
    public void The_level_that_was_drawn_and_has_none_is_not_asked_again()
    {
        var levels = new[] { new NothingToPick(), new NothingToPick() };
        var picker = new PriorityPicker([new(0, 1, 1, Load: 100, Panic: false), new(1, 1, 1, Load: 0, Panic: false)], levels, EmptyPicker.Instance, byKey: false);
        Assert.Equal(PickKind.NoneAvailable, picker.Pick(TestCells.Context(0)).Kind);
        Assert.Equal([1, 1], levels.Select(level => level.Picks));
    }

    [Fact]
    public void A_pick_says_which_priority_it_led_to_where_there_are_several()
    {
        var picker = Build(Strategy.RoundRobin, Members(_first[0], _first[1]));
        for (var n = 0; n < 200; n++)
        {
            var result = picker.Pick(TestCells.Context(n));
            Assert.Equal(_second.Contains(result.Lease.Cell) ? 1 : 0, result.Priority);
            result.Lease.Release();
        }

        Assert.Null(Build(Strategy.RoundRobin, Members()[..4]).Pick(TestCells.Context(0)).Priority);
        Assert.Null(PickResult.NoneAvailable.Priority);
        Assert.Null(PickResult.Saturated.Priority);
    }

    [Fact]
    public void One_that_is_held_is_picked_after_those_of_every_level()
    {
        var members = Members();
        members[0] = members[0] with { Held = true };
        var picker = Build(Strategy.RoundRobin, members);
        Assert.DoesNotContain(_first[0], picker.Counts(500).Keys);
        Array.ForEach([.. _first[1..], .. _second], cell => cell.Trip());
        Assert.Same(_first[0], picker.Next());
    }

    [Fact]
    public void When_all_levels_panic_all_are_used_but_those_that_drain()
    {
        var members = Members([.. _first, .. _second]);
        members[7] = members[7] with { Draining = true };
        var picker = Build(Strategy.RoundRobin, members, panicThreshold: 50);
        Assert.True(picker.Panic);
        Assert.True(picker.Pick(TestCells.Context(0)).Panic);
        var counts = picker.Counts(Picks);
        Assert.Equal([.. _first, .. _second[..3]], counts.Keys.OrderBy(cell => cell.Id.Address.Host));
        Assert.InRange(_first.Sum(cell => counts[cell]), 0.56 * Picks, 0.60 * Picks);
    }

    [Fact]
    public void A_level_panics_alone_and_its_picks_alone_ignore_health()
    {
        // Below the threshold in the first level, 1 of 4. In the second 2 of 4, of which one is held: neither level can take what the other lacks.
        var members = Members([.. _first[1..], .. _second[2..]]);
        members[5] = members[5] with { Held = true };
        var picker = Build(Strategy.RoundRobin, members, panicThreshold: 50);
        Assert.True(picker.Panic);
        for (var n = 0; n < 200; n++)
        {
            var result = picker.Pick(TestCells.Context(n));
            Assert.Equal(_first.Contains(result.Lease.Cell), result.Panic);
            result.Lease.Release();
        }

        Assert.Equal([.. _first, _second[0]], picker.Counts(200).Keys.OrderBy(cell => cell.Id.Address.Host));
        Assert.False(Build(Strategy.RoundRobin, Members(), panicThreshold: 50).Panic);
    }

    [Fact]
    public void Zones_divide_what_a_level_gets()
    {
        Candidate[] members = [.. Members(_first[0], _first[1]).Select((member, i) => member with { Zone = i % 2 == 0 ? "a" : "b" })];
        var counts = Build(Strategy.RoundRobin, members, zones: level =>
            ZoneSplit.Decide("a", ["a", "b"], level.Where(member => member.Available).Select(member => member.Zone), new() { MinEndpoints = 2 })).Counts(Picks);
        Assert.Equal(["a2", "b0", "b2"], counts.Keys.Select(cell => cell.Id.Address.Host).Order());
        Assert.InRange(counts[_first[2]], 0.68 * Picks, 0.72 * Picks);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_pick_allocates_nothing_even_when_it_changes_levels(Strategy strategy)
    {
        var picker = Build(strategy, Members(_first[0], _first[1]));
        _first[2].Trip();
        TestCells.AssertAllocatesNothing(picker, TestCells.Tried(_first[3], _second[0]));
    }

    [Fact]
    public void A_level_goes_on_where_it_was_when_another_changes()
    {
        Assert.Equal("a0 a1", Build(Strategy.RoundRobin, Members()).NextHosts(2));
        Assert.Equal("a2", Build(Strategy.RoundRobin, Members(_second[1])).NextHosts(1));
        Assert.Equal("a3 a0", Build(Strategy.RoundRobin, Members()).NextHosts(2));
    }

    [Fact]
    public void A_pool_without_priorities_goes_on_where_it_was_when_an_endpoint_is_ejected()
    {
        Assert.Equal("a0 a1", Build(Strategy.RoundRobin, Members()[..4]).NextHosts(2));
        Assert.Equal("a2 a0", Build(Strategy.RoundRobin, Members(_first[3])[..4]).NextHosts(2));
    }

    [Fact]
    public void A_level_that_is_gone_for_a_while_begins_anew()
    {
        Assert.Equal("b0 b1", Build(Strategy.RoundRobin, Members(_first)).NextHosts(2));
        Assert.Equal("a0", Build(Strategy.RoundRobin, Members()[..4]).NextHosts(1));
        Assert.Equal("b0 b1", Build(Strategy.RoundRobin, Members(_first)).NextHosts(2));
    }

    [Fact]
    public void A_pool_without_endpoints_has_none_to_pick() =>
        Assert.Equal(PickKind.NoneAvailable, Build(Strategy.RoundRobin, []).Pick(TestCells.Context(0)).Kind);

    private Candidate[] Members(params EndpointCell[] unavailable) =>
    [
        .. _first.Select(cell => new Candidate(cell, Available: !unavailable.Contains(cell))),
        .. _second.Select(cell => new Candidate(cell, Available: !unavailable.Contains(cell), Priority: 1)),
    ];

    private IReadOnlyList<EndpointCell> Owners(Strategy strategy, Candidate[] members)
    {
        var picker = Build(strategy, members);
        return [.. Enumerable.Range(0, 5_000).Select(n => picker.Next(n))];
    }

    private Picker Build(
        Strategy strategy, Candidate[] members, int panicThreshold = 0, Func<IEnumerable<Candidate>, ZoneRouting>? zones = null) => _builder.Build(
        strategy,
        members,
        [
            .. PrioritySplit.Decide(members, panicThreshold).Select(level => new RoutedLevel(
                level,
                zones?.Invoke(members.Where(member => member.Priority == level.Priority)) ?? new ZoneRouting.Off(ZonesOff.NoOwnZone, "none"))),
        ]);

    /// <summary>A level in which no endpoint can be leased; counts how often it is asked.</summary>
    private sealed class NothingToPick : Picker
    {
        public int Picks { get; private set; }

        public override PickResult Pick(in PickContext context)
        {
            Picks++;
            return PickResult.NoneAvailable;
        }
    }
}
