using CsCheck;
using Gateway.Core.Health;

namespace Gateway.Tests.Health;

/// <summary>The order of probes; endpoints that do not answer must not delay the others.</summary>
public sealed class ProbeQueueTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly ProbeSlots Few = new(Regular: 4, Verifying: 1);

    [Theory]
    [InlineData(0, null, 64, 16)]
    [InlineData(100, null, 200, 50)]
    [InlineData(10_000, null, 4096, 1024)]
    [InlineData(100, 64, 64, 16)]
    [InlineData(100, 8, 8, 16)]
    public void Slots_grow_with_what_silent_endpoints_hold_unless_the_settings_say_how_many(double need, int? limit, int regular, int verifying) =>
        Assert.Equal(new ProbeSlots(regular, verifying), ProbeSlots.For(need, limit));

    [Theory]
    [InlineData(100, 70, null)]
    [InlineData(100, 99, null)]
    [InlineData(1_000, 700, null)]
    [InlineData(10_000, 7_000, null)]
    [InlineData(100, 70, 64)]
    [InlineData(100, 70, 16)]
    public void Endpoints_that_answer_are_probed_at_least_every_1_2_intervals_however_many_others_are_silent(int endpoints, int silent, int? limit)
    {
        var run = new ProbeSimulation(limit);
        run.Add(endpoints, "default", number => number % endpoints < silent);
        run.Run(TimeSpan.FromMinutes(3));
        Assert.All(run.Answering, endpoint => Assert.NotNull(endpoint.FirstAt));
        Assert.All(run.Answering, endpoint =>
            Assert.True(endpoint.MaxGap <= 1.2 * Interval, $"endpoint {endpoint.Number} was not probed for {endpoint.MaxGap}"));
        Assert.All(run.Silent, endpoint => Assert.True(endpoint.Probes > 1, $"endpoint {endpoint.Number} was never probed again"));
    }

    [Fact]
    public void A_large_pool_that_is_silent_does_not_delay_a_small_one_not_even_at_first()
    {
        var run = new ProbeSimulation(limit: 64);
        run.Add(2_000, "large", _ => true);
        run.Add(5, "small", _ => false);
        run.Run(TimeSpan.FromMinutes(1));
        Assert.All(run.Answering, endpoint => Assert.InRange(endpoint.MaxGap, TimeSpan.Zero, 1.2 * Interval));
        Assert.All(run.Answering, endpoint => Assert.True(endpoint.FirstAt <= TimeSpan.FromSeconds(5.5)));
    }

    [Fact]
    public void A_probe_that_looks_into_a_report_waits_for_no_other()
    {
        var queue = Full();
        queue.Add(100, "default", verifying: true, slow: false, TimeSpan.Zero);
        Assert.Equal(100, queue.Begin(Few)?.Target);
    }

    [Fact]
    public void One_that_waits_and_is_to_be_verified_changes_lanes()
    {
        var queue = Full();
        queue.Add(5, "default", verifying: true, slow: false, TimeSpan.Zero);
        Assert.Equal(5, queue.Begin(Few)?.Target);
        Assert.Null(queue.Begin(Few));
    }

    [Fact]
    public void Verifying_probes_are_bounded_too()
    {
        var queue = Full();
        queue.Add(100, "default", verifying: true, slow: false, TimeSpan.Zero);
        queue.Add(101, "default", verifying: true, slow: false, TimeSpan.Zero);
        var first = queue.Begin(Few)!;
        Assert.Null(queue.Begin(Few));
        queue.End(first);
        Assert.Equal(101, queue.Begin(Few)?.Target);
    }

    [Fact]
    public void Pools_take_turns()
    {
        var queue = new ProbeQueue<int>();
        for (var i = 0; i < 6; i++)
        {
            queue.Add(i, i < 4 ? "a" : "b", verifying: false, slow: false, TimeSpan.Zero);
        }

        Assert.Equal([0, 4, 1, 5], Enumerable.Range(0, 4).Select(_ => queue.Begin(Few)!.Target));
    }

    [Theory]
    [InlineData(64, 32, 16)]
    [InlineData(4, 2, 1)]
    [InlineData(1, 1, 1)]
    public void Slow_endpoints_have_a_quarter_of_the_slots_for_themselves_and_never_more_than_half(int regular, int most, int own)
    {
        var slots = new ProbeSlots(regular, Verifying: 16);
        Assert.Equal((most, own), (slots.ForSlow, slots.OwnOfSlow));
    }

    [Fact]
    public void A_slow_endpoint_comes_first_in_the_slots_of_its_own_and_last_in_the_others()
    {
        var queue = new ProbeQueue<int>();
        for (var i = 0; i < 4; i++)
        {
            queue.Add(i, "a", verifying: false, slow: true, TimeSpan.Zero);
            queue.Add(10 + i, "a", verifying: false, slow: false, TimeSpan.Zero);
        }

        Assert.Equal([0, 10, 11, 12], Enumerable.Range(0, 4).Select(_ => queue.Begin(Few)!.Target));
        Assert.Null(queue.Begin(Few));
        Assert.Equal((4, 1, 4), (queue.InFlight, queue.SlowInFlight, queue.Waiting));
    }

    [Fact]
    public void Slow_endpoints_alone_take_half_of_the_slots()
    {
        var queue = new ProbeQueue<int>();
        for (var i = 0; i < 4; i++)
        {
            queue.Add(i, "a", verifying: false, slow: true, TimeSpan.FromSeconds(i));
        }

        Assert.Equal(TimeSpan.Zero, queue.WaitingSince);
        Assert.Equal([0, 1], Enumerable.Range(0, 2).Select(_ => queue.Begin(Few)!.Target));
        Assert.Null(queue.Begin(Few));
        Assert.Equal((2, TimeSpan.FromSeconds(2)), (queue.SlowInFlight, queue.WaitingSince!.Value));
    }

    [Fact]
    public void The_longest_wait_is_that_of_the_first_that_has_not_begun()
    {
        var queue = new ProbeQueue<int>();
        Assert.Null(queue.WaitingSince);
        queue.Add(1, "a", verifying: false, slow: false, TimeSpan.FromSeconds(3));
        queue.Add(2, "b", verifying: false, slow: false, TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(3), queue.WaitingSince);
        queue.Add(3, "a", verifying: false, slow: true, TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(2), queue.WaitingSince);
        Assert.Equal((3, 0), (queue.Waiting, queue.InFlight));
        queue.Drop(3);
        Assert.Equal(TimeSpan.FromSeconds(3), queue.WaitingSince);
        queue.Add(4, "a", verifying: false, slow: true, TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(3), queue.WaitingSince);
        queue.Drop(1);
        Assert.Equal(TimeSpan.FromSeconds(4), queue.WaitingSince);
    }

    [Fact]
    public void One_that_is_to_be_verified_keeps_the_time_it_has_waited_and_a_probe_that_has_begun_is_not_dropped()
    {
        var queue = Full();
        queue.Add(5, "default", verifying: true, slow: false, TimeSpan.FromSeconds(9));
        var turn = queue.Begin(Few)!;
        Assert.Equal((5, TimeSpan.Zero, true), (turn.Target, turn.Since, turn.Begun));
        queue.Drop(5);
        Assert.Equal(5, queue.InFlight);
        Assert.True(queue.End(turn));
    }

    [Fact]
    public void A_probe_no_longer_wanted_is_not_begun_and_the_end_of_an_earlier_life_does_not_count()
    {
        var queue = new ProbeQueue<int>();
        queue.Add(1, "a", verifying: false, slow: false, TimeSpan.Zero);
        queue.Drop(1);
        Assert.Null(queue.Begin(Few));
        queue.Add(1, "a", verifying: false, slow: false, TimeSpan.Zero);
        var turn = queue.Begin(Few)!;
        Assert.True(queue.End(turn));
        Assert.False(queue.End(turn));
        queue.Add(1, "a", verifying: false, slow: false, TimeSpan.Zero);
        Assert.False(queue.End(turn));
        queue.Begin(Few);
        Assert.False(queue.End(turn));
        Assert.Equal(1, queue.InFlight);
    }

    [Fact]
    public void Never_two_of_one_target_never_more_than_slots_and_all_come_back_to_zero() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 9], Gen.Bool, Gen.Bool).Array[0, 200].Sample(events =>
        {
            var queue = new ProbeQueue<int>();
            var inFlight = new Dictionary<int, ProbeTurn<int>>();
            foreach (var (what, target, verifying, slow) in events)
            {
                switch (what)
                {
                    case 0:
                        queue.Add(target, target % 2 == 0 ? "a" : "b", verifying, slow, TimeSpan.Zero);
                        break;
                    case 1 when queue.Begin(Few) is { } turn:
                        Assert.True(inFlight.TryAdd(turn.Target, turn));
                        break;
                    case 2 when inFlight.Remove(target, out var over):
                        Assert.True(queue.End(over));
                        break;
                    case 3:
                        queue.Drop(target);
                        break;
                    default:
                        break;
                }

                Assert.Equal(inFlight.Count, queue.InFlight);
                Assert.InRange(inFlight.Values.Count(turn => turn.Verifying), 0, Few.Verifying);
                Assert.InRange(inFlight.Values.Count(turn => !turn.Verifying), 0, Few.Regular);
                Assert.InRange(inFlight.Values.Count(turn => turn is { Verifying: false, Slow: true }), 0, Few.ForSlow);
            }

            while (inFlight.Count > 0 || queue.Waiting > 0)
            {
                foreach (var turn in inFlight.Values)
                {
                    Assert.True(queue.End(turn));
                }

                inFlight.Clear();
                while (queue.Begin(Few) is { } turn)
                {
                    inFlight.Add(turn.Target, turn);
                }
            }

            Assert.Equal((0, 0, 0, null), (queue.InFlight, queue.Waiting, queue.SlowInFlight, queue.WaitingSince));
        });

    /// <summary>A queue with all regular slots taken by targets 1 to 4, and 5 waiting.</summary>
    private static ProbeQueue<int> Full()
    {
        var queue = new ProbeQueue<int>();
        for (var i = 1; i <= 5; i++)
        {
            queue.Add(i, "default", verifying: false, slow: false, TimeSpan.Zero);
        }

        while (queue.Begin(Few) is not null)
        {
        }

        return queue;
    }
}
