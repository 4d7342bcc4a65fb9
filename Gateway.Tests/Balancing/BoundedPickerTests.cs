using CsCheck;
using Gateway.Core.Balancing;
using Gateway.Core.Breaking;
using Gateway.Core.Cells;

namespace Gateway.Tests.Balancing;

/// <summary>Strategies that hash, with a bound on the attempts in flight at each endpoint.</summary>
public sealed class BoundedPickerTests
{
    private const int Factor = 150;

    public static TheoryData<Strategy> Strategies => new(Strategy.IpHash, Strategy.Maglev);

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(8, 3, 6)]
    public void The_bound_is_the_share_of_all_in_flight_by_weight_rounded_up(long load, int light, int heavy)
    {
        // 150 % of 8: 12, of which a quarter each for two of weight 1 and a half for one of weight 2.
        var members = TestCells.Many(3).Candidates(1, 1, 2);
        var bound = new LoadBound(members, members, Factor);
        Assert.Equal((load == 0 ? 0 : light, load == 0 ? 0 : heavy), (bound.Of(0, load), bound.Of(2, load)));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void One_client_alone_is_spread_so_that_no_endpoint_passes_the_bound(Strategy strategy)
    {
        var cells = TestCells.Many(5);
        var picker = Build(strategy, cells.Candidates());
        for (var inFlight = 1; inFlight <= 500; inFlight++)
        {
            Assert.Equal(PickKind.Picked, picker.Pick(new(Key: 7, 0, TestCells.Now)).Kind);
            var most = (int)Math.Ceiling(Factor * inFlight / 500d);
            Assert.All(cells, cell => Assert.InRange(cell.InFlight, 0, most));
        }

        Assert.Equal(500, cells.Sum(cell => cell.InFlight));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void No_endpoint_passes_the_bound_whatever_comes_and_goes(Strategy strategy)
    {
        Gen.Select(Gen.Int[1, 16].Array[2, 8], Gen.Int[101, 300], Gen.Int[0, 20].Array[50, 200]).Sample((weights, factor, steps) =>
        {
            var cells = TestCells.Many(weights.Length);
            var picker = Build(strategy, cells.Candidates(weights), factor);
            var open = new Queue<Lease>();
            var total = weights.Sum();
            foreach (var step in steps)
            {
                if (step < 6 && open.TryDequeue(out var ended))
                {
                    ended.Release();
                    continue;
                }

                // Few clients, so that they reach the bound.
                var before = open.Count;
                var result = picker.Pick(new((ulong)step % 3, 0, TestCells.Now));
                Assert.Equal(PickKind.Picked, result.Kind);
                open.Enqueue(result.Lease);
                var index = Array.IndexOf(cells, result.Lease.Cell);
                Assert.InRange(cells[index].InFlight, 1, (int)Math.Ceiling((decimal)factor * (before + 1) * weights[index] / (100 * total)));
            }

            foreach (var lease in open)
            {
                var last = lease;
                last.Release();
            }

            Assert.All(cells, cell => Assert.Equal(0, cell.InFlight));
        });
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Many_threads_with_one_client_stay_within_the_bound_of_all_that_they_hold(Strategy strategy)
    {
        const int Threads = 8;
        const int Each = 500;
        var cells = TestCells.Many(4);
        var picker = Build(strategy, cells.Candidates());
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, _ =>
        {
            for (var n = 0; n < Each; n++)
            {
                Assert.Equal(PickKind.Picked, picker.Pick(new(Key: 7, 0, TestCells.Now)).Kind);
            }
        });

        // The bound grows with the attempts held. A thread that asks in vain counts at one endpoint for a moment, and can be counted at several.
        const int Bound = (Factor * Threads * Each / 100 / 4) + (2 * Threads);
        Assert.Equal(Threads * Each, cells.Sum(cell => cell.InFlight));
        Assert.All(cells, cell => Assert.InRange(cell.InFlight, 0, Bound));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Below_the_bound_every_client_is_where_the_strategy_has_it(Strategy strategy)
    {
        var cells = TestCells.Many(8);
        var plain = TestCells.Build(strategy, cells.Candidates());
        var bounded = Build(strategy, cells.Candidates());
        Assert.All(Enumerable.Range(0, 2_000), n => Assert.Same(plain.Next(n), bounded.Next(n)));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_client_goes_to_its_second_choice_and_is_back_with_the_first_request_that_finds_room(Strategy strategy)
    {
        var cells = TestCells.Many(8);
        var picker = Build(strategy, cells.Candidates());
        for (var n = 0; n < 200; n++)
        {
            var own = picker.Next(n);
            var second = TestCells.Build(strategy, cells.Candidates().Without(own)).Next(n);

            // Two of three in flight: ceil(1.5 * 3 / 8) is 1.
            own.TryLease(out var first);
            Assert.Same(second, picker.Next(n));
            first.Release();
            Assert.Same(own, picker.Next(n));
        }
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void An_endpoint_at_its_bound_moves_no_client_of_the_others(Strategy strategy)
    {
        var cells = TestCells.Many(8);
        var picker = Build(strategy, cells.Candidates());
        var before = Enumerable.Range(0, 2_000).Select(n => picker.Next(n)).ToList();
        cells[3].Load(10);
        var moved = before.Zip(Enumerable.Range(0, 2_000).Select(n => picker.Next(n))).Where(pair => pair.First != pair.Second).ToList();
        Assert.NotEmpty(moved);
        Assert.All(moved, pair => Assert.Same(cells[3], pair.First));
        Assert.Equal(7, moved.Select(pair => pair.Second).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void The_bound_alone_refuses_no_request(Strategy strategy)
    {
        var cells = TestCells.Many(3);
        var picker = Build(strategy, cells.Candidates());
        cells[0].Load(30);
        Assert.Same(cells[0], picker.Next(0, TestCells.Tried(cells[1], cells[2])));
        Array.ForEach(cells[1..], cell => cell.Trip());
        Assert.Same(cells[0], picker.Next());
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void The_only_one_below_its_bound_is_found_among_hundreds_that_refuse(Strategy strategy)
    {
        // More than the strategy's own choices: with 11 in flight, e0 is over its bound of 1 and e1 is not.
        var cells = TestCells.Many(200);
        var picker = Build(strategy, cells.Candidates());
        cells[0].Load(10);
        Array.ForEach(cells[2..], cell => cell.Trip());
        Assert.All(Enumerable.Range(0, 300), n => Assert.Same(cells[1], picker.Next(n)));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void In_panic_the_bound_spreads_a_client_over_endpoints_that_are_out(Strategy strategy)
    {
        var cells = TestCells.Many(4);
        Candidate[] members = [.. cells.Select(cell => new Candidate(cell, Available: false))];
        var picker = new PickerBuilder().Build(strategy, members, panic: true, boundPercent: Factor);
        Array.ForEach(cells, cell => cell.Trip());
        for (var n = 0; n < 40; n++)
        {
            Assert.True(picker.Pick(new(Key: 7, 0, TestCells.Now)) is { Kind: PickKind.Picked, Panic: true });
        }

        // ceil(1.5 * 40 / 4) is 15.
        Assert.All(cells, cell => Assert.InRange(cell.InFlight, 0, 15));
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Full_is_still_saturated(Strategy strategy)
    {
        var cells = TestCells.Many(3, maxInFlight: 1);
        Array.ForEach(cells, cell => cell.Configure(BreakerPolicy.Default, maxInFlight: 1));
        Array.ForEach(cells, cell => cell.Load(1));
        Assert.Equal(PickKind.Saturated, Build(strategy, cells.Candidates()).Pick(TestCells.Context(0)).Kind);
    }

    [Theory]
    [MemberData(nameof(Strategies))]
    public void A_pick_allocates_nothing_even_when_it_comes_to_the_bound(Strategy strategy)
    {
        var cells = TestCells.Many(16);
        var picker = Build(strategy, cells.Candidates([.. Enumerable.Range(1, 16)]).Without(cells[5]));
        cells[3].Trip();
        Array.ForEach(cells[..3], cell => cell.Load(20));
        TestCells.AssertAllocatesNothing(picker, TestCells.Tried(cells[1], cells[2]));
    }

    [Theory]
    [InlineData(Strategy.RoundRobin)]
    [InlineData(Strategy.P2C)]
    public void A_strategy_that_does_not_hash_has_no_bound(Strategy strategy) =>
        Assert.IsNotType<BoundedPicker<RingChoices>>(Build(strategy, TestCells.Many(3).Candidates()));

    private static Picker Build(Strategy strategy, Candidate[] members, int factor = Factor) => new PickerBuilder().Build(strategy, members, boundPercent: factor);
}
