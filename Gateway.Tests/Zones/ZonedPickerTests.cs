using Gateway.Core.Balancing;
using Gateway.Core.Cells;
using Gateway.Core.Zones;
using Gateway.Tests.Balancing;

namespace Gateway.Tests.Zones;

/// <summary>Five replicas in zones 2/2/1 in front of four endpoints in zones 1/2/1, seen from zone a unless a test changes that.</summary>
public sealed class ZonedPickerTests
{
    private readonly EndpointCell[] _cells = [TestCells.Of("a1"), TestCells.Of("b1"), TestCells.Of("b2"), TestCells.Of("c1")];
    private readonly ZonedPickerBuilder _builder = new();

    public static TheoryData<Strategy> Strategies => TestCells.Strategies;

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Five_eighths_stay_local_and_the_rest_goes_two_to_one(Strategy strategy)
    {
        const int Picks = 100_000;
        var counts = Build(strategy, Members()).Counts(Picks);
        Assert.InRange(counts[_cells[0]], 0.615 * Picks, 0.635 * Picks);
        Assert.InRange(counts[_cells[1]] + counts[_cells[2]], 0.24 * Picks, 0.26 * Picks);
        Assert.InRange(counts[_cells[3]], 0.115 * Picks, 0.135 * Picks);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Within_a_zone_the_strategy_shares_as_it_would_alone(Strategy strategy)
    {
        var cells = Enumerable.Range(0, 8).Select(i => TestCells.Of($"e{i}")).ToArray();
        Candidate[] members = [.. cells.Select((cell, i) => new Candidate(cell, Zone: i < 4 ? "a" : "b"))];
        var counts = Build(strategy, members, replicas: ["a", "a", "b"]).Counts(30_000);

        // L 2/3 and U 1/2: three quarters local.
        Assert.All(cells[..4], cell => Assert.InRange(counts[cell], 4_500, 6_750));
        Assert.All(cells[4..], cell => Assert.InRange(counts[cell], 1_500, 2_250));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void When_the_drawn_zone_has_nothing_to_lease_another_is_picked_from(Strategy strategy)
    {
        var picker = Build(strategy, Members());
        _cells[0].Trip();
        _cells[3].Configure(new(), maxInFlight: 0);
        var counts = picker.Counts(1_000);
        Assert.Equal(_cells[1..3].ToHashSet(), [.. counts.Keys]);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_second_attempt_goes_elsewhere_while_there_is_an_elsewhere_in_any_zone(Strategy strategy)
    {
        var picker = Build(strategy, Members());
        for (var n = 0; n < 50; n++)
        {
            var tried = TestCells.Tried();
            foreach (var _ in _cells)
            {
                var next = picker.Next(n, tried);
                Assert.False(tried.Contains(next));
                tried.Add(next);
            }

            Assert.Equal(PickKind.NoneAvailable, picker.Pick(TestCells.Context(n, tried)).Kind);
        }
    }

    [Fact]
    public void Every_zone_full_is_saturated()
    {
        var picker = Build(Strategy.RoundRobin, Members());
        Array.ForEach(_cells, cell => cell.Configure(new(), maxInFlight: 0));
        Assert.Equal(PickKind.Saturated, picker.Pick(TestCells.Context(0)).Kind);
    }

    [Theory]
    [InlineData(Strategy.IpHash)]
    [InlineData(Strategy.Maglev)]
    public void A_strategy_that_hashes_keeps_a_client_at_its_endpoint(Strategy strategy)
    {
        var picker = Build(strategy, Members());
        for (var key = 0UL; key < 200; key++)
        {
            var first = Pick(key, 0);
            Assert.All(Enumerable.Range(1, 20), n => Assert.Same(first, Pick(key, n)));
        }

        EndpointCell Pick(ulong key, int n)
        {
            var result = picker.Pick(TestCells.Context(n) with { Key = key });
            result.Lease.Release();
            return result.Lease.Cell;
        }
    }

    /// <summary>Else one client's requests would all go to one zone, or a client would change its endpoint with every request.</summary>
    [Theory]
    [MemberData(nameof(Strategies))]
    public void One_clients_requests_stay_in_a_zone_only_under_a_strategy_that_hashes(Strategy strategy)
    {
        var picker = Build(strategy, Members());
        var zones = strategy is Strategy.IpHash or Strategy.Maglev ? 1 : 3;
        for (var key = 0UL; key < 20; key++)
        {
            Assert.Equal(zones, Enumerable.Range(0, 100).Select(n => ZoneOf(key, n)).Distinct().Count());
        }

        char ZoneOf(ulong key, int n)
        {
            var result = picker.Pick(TestCells.Context(n) with { Key = key });
            result.Lease.Release();
            return result.Lease.Cell.Id.Address.Host[0];
        }
    }

    [Fact]
    public void A_zone_without_a_share_gets_nothing_whatever_is_drawn()
    {
        // All stay in b. An all-zero draw would lead to the first zone of a table, however small its share.
        var picker = Build(Strategy.RoundRobin, Members(), own: "b");
        var result = picker.Pick(TestCells.Context(0) with { Random = ~TestCells.Unmixed(0) });
        Assert.Equal("b1", result.Lease.Cell.Id.Address.Host);
        Assert.Equal(_cells[1..3].ToHashSet(), [.. picker.Counts(500).Keys]);
    }

    [Fact]
    public void Endpoints_without_a_zone_share_what_is_drawn_for_none()
    {
        // L 1/2 and 1/2; U 1/4, none 1/2 and 1/4: half stays local, the rest goes to those without a zone.
        var members = Members();
        members[1] = members[1] with { Zone = null };
        members[2] = members[2] with { Zone = null };
        var counts = Build(Strategy.RoundRobin, members, replicas: ["a", "c"]).Counts(10_000);
        Assert.Equal(_cells[..3].ToHashSet(), [.. counts.Keys]);
        Assert.InRange(counts[_cells[0]], 4_800, 5_200);
        Assert.InRange(counts[_cells[1]] - counts[_cells[2]], 0, 1);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void One_that_is_held_is_picked_after_those_of_every_zone(Strategy strategy)
    {
        EndpointCell[] cells = [.. _cells, TestCells.Of("a2")];
        var picker = Build(strategy, [.. Members(), new(cells[4], Zone: "a", Held: true)]);
        Assert.DoesNotContain(cells[4], picker.Counts(500).Keys);
        _cells[0].Trip();
        Assert.Equal(_cells[1..].ToHashSet(), [.. picker.Counts(500).Keys]);
        Array.ForEach(_cells[1..], cell => cell.Trip());
        Assert.Same(cells[4], picker.Next());
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_pick_allocates_nothing_even_when_it_changes_zones(Strategy strategy)
    {
        var picker = Build(strategy, Members());
        var tried = TestCells.Tried(_cells[0], _cells[1]);
        _cells[3].Trip();
        TestCells.AssertAllocatesNothing(picker, tried);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pick_says_whether_it_stayed_in_the_own_zone_even_when_the_drawn_one_had_nothing(bool tripped)
    {
        var picker = Build(Strategy.RoundRobin, Members());
        Array.ForEach(tripped ? _cells[1..3] : [], cell => cell.Trip());
        for (var n = 0; n < 200; n++)
        {
            var result = picker.Pick(TestCells.Context(n));
            Assert.Equal(result.Lease.Cell == _cells[0] ? PickedZone.Local : PickedZone.Remote, result.Zone);
            result.Lease.Release();
        }
    }

    [Fact]
    public void Without_zone_routing_a_pick_names_no_zone() =>
        Assert.Equal(PickedZone.None, Build(Strategy.RoundRobin, Members(), replicas: ["a"]).Pick(TestCells.Context(0)).Zone);

    [Fact]
    public void Each_zone_goes_on_where_it_was_when_another_changes_or_zones_are_off_for_a_while()
    {
        EndpointCell[] b = [.. Enumerable.Range(0, 4).Select(i => TestCells.Of($"b{i}"))];
        Candidate[] members = [new(_cells[0], Zone: "a"), .. b.Select(cell => new Candidate(cell, Zone: "b"))];
        Assert.Equal("b0 b1", FromB().NextHosts(2));
        members = [.. members, new(TestCells.Of("a2"), Zone: "a")];
        Assert.Equal("b2", FromB().NextHosts(1));
        Build(Strategy.RoundRobin, members, replicas: ["b"]).NextHosts(3);
        Assert.Equal("b3 b0", FromB().NextHosts(2));

        Picker FromB() => Build(Strategy.RoundRobin, members, "b", ["a", "b"]);
    }

    [Fact]
    public void A_zone_that_loses_all_its_endpoints_begins_anew_when_it_has_some_again()
    {
        EndpointCell[] b = [.. Enumerable.Range(0, 4).Select(i => TestCells.Of($"b{i}"))];
        Candidate[] members = [new(_cells[0], Zone: "a"), .. b.Select(cell => new Candidate(cell, Zone: "b"))];
        Assert.Equal("b0 b1", FromB(members).NextHosts(2));
        Assert.Equal("a1", FromB(members[..1]).NextHosts(1));
        Assert.Equal("b0 b1", FromB(members).NextHosts(2));

        Picker FromB(Candidate[] members) => Build(Strategy.RoundRobin, members, "b", ["a", "b"]);
    }

    private Candidate[] Members() =>
        [.. _cells.Select(cell => new Candidate(cell, Zone: cell.Id.Address.Host[..1]))];

    private Picker Build(Strategy strategy, Candidate[] members, string own = "a", string[]? replicas = null) => _builder.Build(
        strategy,
        members,
        ZoneSplit.Decide(
            own,
            replicas ?? ["a", "a", "b", "b", "c"],
            members.Where(member => member.InRotation).Select(member => member.Zone),
            ZonePolicy.Default));
}
