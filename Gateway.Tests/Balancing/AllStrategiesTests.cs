using CsCheck;
using Gateway.Core.Balancing;
using Gateway.Core.Cells;

namespace Gateway.Tests.Balancing;

/// <summary>Properties of every strategy's picks.</summary>
public sealed class AllStrategiesTests
{
    /// <summary>The states in which a pick can find an endpoint.</summary>
    private enum State
    {
        Open,
        Tripped,
        Full,
        Unavailable,
    }

    public static TheoryData<Strategy> Strategies => TestCells.Strategies;

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_pick_finds_any_untried_endpoint_that_would_grant_and_says_truly_why_it_finds_none(Strategy strategy)
    {
        var endpoint = Gen.Select(Gen.Enum<State>(), Gen.Bool, Gen.Bool, Gen.Int[1, 50]);
        Gen.Select(endpoint.Array[0, 12], Gen.Bool, Gen.Int).Sample((endpoints, panic, n) =>
        {
            var cells = TestCells.Many(endpoints.Length);
            var members = endpoints.Select((each, i) => Member(cells[i], each.Item1, each.Item4, each.Item3)).ToArray();
            var tried = TestCells.Tried(cells.Where((_, i) => endpoints[i].Item2));
            var picker = new PickerBuilder().Build(strategy, members, panic);
            var untried = Enumerable.Range(0, cells.Length).Where(i => !endpoints[i].Item2).Select(i => endpoints[i].Item1);

            var result = picker.Pick(TestCells.Context(n, tried));

            if (untried.Any(state => state == State.Open || (panic && state != State.Full)))
            {
                Assert.Equal(PickKind.Picked, result.Kind);
                var index = Array.IndexOf(cells, result.Lease.Cell);
                Assert.False(endpoints[index].Item2, "tried");
                Assert.True(panic || endpoints[index].Item1 == State.Open, endpoints[index].Item1.ToString());
                result.Lease.Release();
            }
            else
            {
                Assert.Equal(untried.Contains(State.Full) ? PickKind.Saturated : PickKind.NoneAvailable, result.Kind);
            }

            Assert.All(cells, cell => Assert.Equal(0, cell.InFlight));
        });
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Every_available_endpoint_and_no_other_is_picked_sooner_or_later(Strategy strategy)
    {
        var cells = TestCells.Many(8);
        var members = cells.Candidates().Without(cells[3]);
        var counts = TestCells.Build(strategy, members).Counts(2_000);
        Assert.Equal(cells.Where((_, i) => i != 3).ToHashSet(), [.. counts.Keys]);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_second_attempt_goes_elsewhere_while_there_is_an_elsewhere(Strategy strategy)
    {
        var cells = TestCells.Many(5);
        var picker = TestCells.Build(strategy, cells.Candidates());
        for (var n = 0; n < 50; n++)
        {
            var tried = TestCells.Tried();
            foreach (var _ in cells)
            {
                var next = picker.Next(n, tried);
                Assert.False(tried.Contains(next));
                tried.Add(next);
            }

            Assert.Equal(PickKind.NoneAvailable, picker.Pick(TestCells.Context(n, tried)).Kind);
        }
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_pick_allocates_nothing_even_when_it_has_to_look_around(Strategy strategy)
    {
        var cells = TestCells.Many(16);
        var members = cells.Candidates([.. Enumerable.Range(1, 16)]).Without(cells[5]);
        var picker = TestCells.Build(strategy, members);
        var tried = TestCells.Tried(cells[1], cells[2]);
        cells[3].Trip();
        TestCells.AssertAllocatesNothing(picker, tried);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Picks_of_many_threads_never_pass_a_limit_and_leave_nothing_in_flight(Strategy strategy)
    {
        const int Limit = 1;
        var cells = TestCells.Many(3, Limit);
        var picker = TestCells.Build(strategy, cells.Candidates());
        var held = new int[cells.Length];
        var most = 0;
        Parallel.For(0, 8_000, n =>
        {
            var result = picker.Pick(TestCells.Context(n));
            if (result.Kind == PickKind.Picked)
            {
                ref var holders = ref held[Array.IndexOf(cells, result.Lease.Cell)];
                InterlockedMax(ref most, Interlocked.Increment(ref holders));
                Interlocked.Decrement(ref holders);
                result.Lease.Release();
            }
        });
        Assert.Equal(Limit, most);
        Assert.All(cells, cell => Assert.Equal(0, cell.InFlight));

        static void InterlockedMax(ref int largest, int value)
        {
            for (var seen = Volatile.Read(ref largest); value > seen;)
            {
                seen = Interlocked.CompareExchange(ref largest, value, seen);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Equal_and_idle_endpoints_are_shared_whatever_their_place_in_the_list(Strategy strategy)
    {
        var cells = TestCells.Many(4);
        var counts = TestCells.Build(strategy, cells.Candidates()).Counts(8_000);
        Assert.All(cells, cell => Assert.InRange(counts[cell], 1_600, 2_400));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_panic_pick_uses_what_is_unavailable_and_says_so(Strategy strategy)
    {
        var cells = TestCells.Many(3);
        var members = cells.Select(cell => new Candidate(cell, Available: false)).ToArray();
        var builder = new PickerBuilder();
        Assert.Equal(PickKind.NoneAvailable, builder.Build(strategy, members).Pick(TestCells.Context(0)).Kind);
        Array.ForEach(cells, cell => cell.Trip());
        var picker = builder.Build(strategy, members, panic: true);
        Assert.True(picker.Panic);
        Assert.True(picker.Pick(TestCells.Context(0)) is { Kind: PickKind.Picked, Panic: true });
        Assert.True(builder.Build(strategy, members[..1], panic: true).Pick(TestCells.Context(0)) is { Kind: PickKind.Picked, Panic: true });
        Array.ForEach(cells, cell => cell.Configure(new(), maxInFlight: 0));
        Assert.True(picker.Pick(TestCells.Context(0)) is { Kind: PickKind.Saturated, Panic: false });
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void With_every_endpoint_full_one_may_wait_for_each_place_there_is_to_wait_in(Strategy strategy)
    {
        var cells = TestCells.Many(3, maxInFlight: 1);
        Array.ForEach(cells, cell => cell.Configure(new(), maxInFlight: 1, maxQueued: 2));
        Array.ForEach(cells, cell => cell.Load(1));
        var picker = TestCells.Build(strategy, cells.Candidates());

        Assert.Equal(PickKind.Saturated, picker.Pick(TestCells.Context(0)).Kind);
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(PickKind.Picked, picker.Pick(TestCells.Context(i) with { Options = LeaseOptions.Queue }).Kind);
        }

        Assert.Equal(PickKind.Saturated, picker.Pick(TestCells.Context(0) with { Options = LeaseOptions.Queue }).Kind);
        Assert.All(cells, cell => Assert.Equal(3, cell.InFlight));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void One_available_endpoint_needs_no_strategy_and_none_is_an_answer(Strategy strategy)
    {
        var cells = TestCells.Many(2);
        Assert.IsType<SinglePicker>(TestCells.Build(strategy, cells.Candidates().Without(cells[0])));
        Assert.Same(EmptyPicker.Instance, TestCells.Build(strategy));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_thousand_endpoints_of_all_weights_are_picked(Strategy strategy)
    {
        var cells = TestCells.Many(1_000);
        var picker = TestCells.Build(strategy, cells.Candidates([.. Enumerable.Range(0, 1_000).Select(i => 1 + (i * 37 % 256))]));
        Assert.True(picker.Counts(2_000).Count > 400);
    }

    private static Candidate Member(EndpointCell cell, State state, int weight, bool degraded)
    {
        switch (state)
        {
            case State.Tripped: cell.Trip(); break;
            case State.Full: cell.Configure(new(), maxInFlight: 0); break;
            default: break;
        }

        return new(cell, weight, Degraded: degraded, Available: state != State.Unavailable);
    }
}
