using Gateway.Core.Balancing;
using Gateway.Core.Cells;

namespace Gateway.Tests.Balancing;

/// <summary>Held endpoints, and panic in pools of which little is left.</summary>
public sealed class PickerBuilderTests
{
    private readonly EndpointCell[] _cells = TestCells.Many(4);

    public static TheoryData<Strategy> Strategies => TestCells.Strategies;

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Held_endpoints_are_picked_only_if_no_other_can_be(Strategy strategy)
    {
        var picker = TestCells.Build(strategy, Members(held: 2));
        Assert.Equal(_cells[2..].ToHashSet(), [.. picker.Counts(500).Keys]);
        _cells[2].Configure(new(), maxInFlight: 0);
        _cells[3].Trip();
        Assert.Equal(_cells[..2].ToHashSet(), [.. picker.Counts(500).Keys]);
        Array.ForEach(_cells, cell => cell.Trip());
        Assert.Equal(PickKind.Saturated, picker.Pick(TestCells.Context(0)).Kind);
    }

    [Fact]
    public void Held_endpoints_share_by_weight_and_slow_start_whatever_the_strategy()
    {
        var members = Members(held: 4);
        members[0] = members[0] with { Weight = 4, Factor = 0.5 };
        var counts = TestCells.Build(Strategy.RoundRobin, members).Counts(10_000);
        Assert.InRange(counts[_cells[0]], 3_800, 4_200);
        Assert.All(_cells[1..], cell => Assert.InRange(counts[cell], 1_800, 2_200));
    }

    [Fact]
    public void The_only_held_endpoint_is_picked_with_nothing_else_left()
    {
        var picker = TestCells.Build(Strategy.RoundRobin, Members(held: 1)[..1]);
        Assert.Same(_cells[0], picker.Next());
        Assert.Equal(PickKind.NoneAvailable, picker.Pick(TestCells.Context(0, TestCells.Tried(_cells[0]))).Kind);
    }

    [Fact]
    public void Beside_held_endpoints_too_one_that_is_unavailable_is_not_picked()
    {
        var members = Members(held: 2);
        members[0] = members[0] with { Available = false };
        members[2] = members[2] with { Available = false };
        var picker = TestCells.Build(Strategy.RoundRobin, members);
        _cells[3].Trip();
        Assert.Same(_cells[1], picker.Next());
        Assert.Equal(PickKind.NoneAvailable, picker.Pick(TestCells.Context(0, TestCells.Tried(_cells[1]))).Kind);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void In_panic_held_endpoints_are_as_good_as_any(Strategy strategy)
    {
        var counts = new PickerBuilder().Build(strategy, Members(held: 2), panic: true).Counts(500);
        Assert.Equal(_cells.ToHashSet(), [.. counts.Keys]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(3, 1)]
    public void In_panic_too_degraded_endpoints_come_last_under_health_based(int healthy, int degraded)
    {
        Candidate[] members = [.. _cells[..(healthy + degraded)].Select((cell, i) => new Candidate(cell, Available: false, Degraded: i >= healthy))];
        var picker = new PickerBuilder().Build(Strategy.HealthBased, members, panic: true);
        Array.ForEach(_cells, cell => cell.Trip());
        Assert.True(picker.Panic);
        var tried = TestCells.Tried();
        for (var i = 0; i < members.Length; i++)
        {
            var result = picker.Pick(TestCells.Context(i, tried));
            Assert.True(result is { Kind: PickKind.Picked, Panic: true });
            Assert.Equal(i >= healthy, Array.IndexOf(_cells, result.Lease.Cell) >= healthy);
            tried.Add(result.Lease.Cell);
        }
    }

    private Candidate[] Members(int held) => [.. _cells.Select((cell, i) => new Candidate(cell, Held: i < held))];
}
