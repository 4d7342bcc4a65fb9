using System.IO.Hashing;
using System.Runtime.InteropServices;
using CsCheck;
using Gateway.Node.Limiting;

namespace Gateway.Tests.Limiting;

/// <summary>The buckets of a rate limit, in virtual time: what they admit, on one loop and on several at once.</summary>
public sealed class RateTableTests
{
    private const long Interval = 100;
    private const int Burst = 5;
    private const int Threads = 4;

    /// <summary>The size of the smallest table that has the given number of sets.</summary>
    private const int OneSet = 0;

    [Fact]
    public void A_burst_passes_and_then_one_request_for_each_interval()
    {
        var table = new RateTable(64, Interval, Burst);
        Assert.Equal(Burst, Taken(table, Key(1), now: 1000, tries: 20));
        Assert.False(table.TryTake(Key(1), 1000, out var wait));
        Assert.Equal(Interval, wait);
        Assert.False(table.TryTake(Key(1), 1099, out wait));
        Assert.Equal(1, wait);
        Assert.Equal(1, Taken(table, Key(1), now: 1100, tries: 20));
        Assert.Equal(3, Taken(table, Key(1), now: 1400, tries: 20));
        Assert.Equal(Burst, Taken(table, Key(1), now: 1_000_000, tries: 20));
    }

    [Fact]
    public void Keys_do_not_share_a_bucket()
    {
        var table = new RateTable(1000, Interval, Burst);
        Assert.All(Enumerable.Range(0, 500), key => Assert.Equal(Burst, Taken(table, Key(key), now: 7, tries: 10)));
        Assert.All(Enumerable.Range(0, 500), key => Assert.Equal(0, Taken(table, Key(key), now: 7, tries: 10)));
        Assert.Equal(0, table.TakeForgotten());
    }

    /// <summary>Compared with a bucket counted in fractions.</summary>
    [Fact]
    public void A_table_lets_through_what_a_token_bucket_would() => Gen.Select(Gen.Int[1, 50], Gen.Int[1, 20], Gen.Int[0, 60].Array[1, 200]).Sample((interval, burst, steps) =>
    {
        var table = new RateTable(64, interval, burst);
        var (now, tokens) = (1L, (double)burst);
        foreach (var step in steps)
        {
            now += step;
            tokens = Math.Min(burst, tokens + ((double)step / interval));
            var isTaken = table.TryTake(Key(3), now, out _);
            Assert.Equal(tokens >= 1 - 1e-6, isTaken);
            tokens -= isTaken ? 1 : 0;
        }
    });

    /// <summary>The current time differs between loops: no key gains by that.</summary>
    [Fact]
    public void A_clock_that_is_behind_lets_nothing_through_that_another_would_not()
    {
        var table = new RateTable(64, Interval, Burst);
        Assert.Equal(Burst, Taken(table, Key(1), now: 1000, tries: Burst));
        Assert.Equal(0, Taken(table, Key(1), now: 950, tries: 10));
        Assert.Equal(1, Taken(table, Key(1), now: 1100, tries: 10));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(RateTable.Slots)]
    public async Task Loops_that_meet_at_new_keys_let_through_exactly_a_burst_of_each(int keys)
    {
        for (var round = 0; round < 300; round++)
        {
            var table = new RateTable(OneSet, Interval, Burst);
            var taken = new int[keys];
            await AtOnceAsync(thread =>
            {
                for (var i = 0; i < keys * Burst * 2; i++)
                {
                    var key = (i + thread) % keys;
                    if (table.TryTake(Key((round * 100) + key), now: 1000, out _))
                    {
                        Interlocked.Increment(ref taken[key]);
                    }
                }
            });
            Assert.All(taken, count => Assert.Equal(Burst, count));
        }
    }

    /// <summary>Keys come and go in one set, concurrently, while others are in use: none is ever in two slots, and each has its bucket.</summary>
    [Fact]
    public async Task Loops_that_meet_while_keys_are_replaced_let_through_exactly_a_burst_of_each()
    {
        const int Rounds = 2000;
        var table = new RateTable(OneSet, Interval, Burst);
        var taken = new int[Rounds * 3];
        using var together = new Barrier(Threads);
        await AtOnceAsync(thread =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                together.SignalAndWait();
                for (var i = 0; i < 3 * Burst * 2; i++)
                {
                    var key = (round * 3) + (i % 3);
                    if (table.TryTake(Key(key), now: 1000 + (round * Interval * Burst), out _))
                    {
                        Interlocked.Increment(ref taken[key]);
                    }
                }
            }
        });
        Assert.All(taken, count => Assert.Equal(Burst, count));
    }

    [Fact]
    public async Task Loops_that_share_a_key_over_time_never_let_through_more_than_the_rate()
    {
        const int Steps = 20_000;
        var table = new RateTable(64, Interval, Burst);
        var (now, taken) = (1000L, 0);
        await AtOnceAsync(thread =>
        {
            for (var step = 0; step < Steps; step++)
            {
                if (table.TryTake(Key(9), Interlocked.Increment(ref now), out _))
                {
                    Interlocked.Increment(ref taken);
                }
            }
        });
        Assert.InRange(taken, 1, Burst + ((now - 1000) / Interval));
        Assert.InRange(taken, (now - 1000) / Interval * 9 / 10, long.MaxValue); // Asked that often, nearly all of it is used.
    }

    [Fact]
    public void Under_a_flood_of_keys_a_client_within_its_rate_is_not_refused_and_one_beyond_it_is()
    {
        var table = new RateTable(64, Interval, Burst);
        var (honest, greedy) = (Key(-1), Key(-2));
        Assert.Equal(Burst, Taken(table, greedy, now: 1000, tries: 100));
        for (var step = 0; step < 1000; step++)
        {
            var now = 1000 + (step * Interval);
            Assert.True(table.TryTake(honest, now, out _));
            Assert.InRange(Taken(table, greedy, now, tries: 10), 0, 1);
            for (var flood = 0; flood < 500; flood++)
            {
                Assert.True(table.TryTake(Key((step * 500) + flood), now, out _));
            }
        }

        Assert.InRange(table.TakeForgotten(), 350_000, 500_000); // Each had used one, and they displaced each other.
        Assert.Equal(0, table.TakeForgotten());
    }

    [Fact]
    public void Taking_allocates_nothing()
    {
        var table = new RateTable(1000, Interval, Burst);
        Taken(table, Key(1), 1, 100);
        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                table.TryTake((ulong)i << 40, i, out _);
            }
        });
    }

    private static int Taken(RateTable table, ulong key, long now, int tries) => Enumerable.Range(0, tries).Count(i => table.TryTake(key, now, out _));

    private static ulong Key(int number) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in number)));

    private static async Task AtOnceAsync(Action<int> work)
    {
        using var begin = new Barrier(Threads);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                begin.SignalAndWait();
                work(thread);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }
}
