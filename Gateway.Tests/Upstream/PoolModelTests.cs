using CsCheck;
using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Upstream;
using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream;

/// <summary>What holds of a connection pool whatever happens in whatever order.</summary>
public sealed class PoolModelTests
{
    private static readonly Gen<Action<PoolModel>> Move = Gen.Select(
        Gen.Frequency((4, Gen.Const(0)), (4, Gen.Const(1)), (1, Gen.Const(2)), (4, Gen.Const(3)), (2, Gen.Const(4)), (2, Gen.Const(5)), (1, Gen.Const(6)), (1, Gen.Const(7))),
        Gen.Int[0, 5],
        (kind, which) => (Action<PoolModel>)(kind switch
        {
            0 => pool => pool.Ask(which % 3),
            1 => pool => pool.FinishConnect(which, succeed: true),
            2 => pool => pool.FinishConnect(which, succeed: false),
            3 => pool => pool.Return(which),
            4 => pool => pool.Break(which),
            5 => pool => pool.CloseByBackend(which),
            6 => pool => pool.Leave(which),
            _ => pool => pool.Pass(TimeSpan.FromSeconds(1 << which)),
        }));

    [Fact]
    public void Never_more_connections_than_allowed_and_nobody_is_overtaken_or_stranded() =>
        Move.Array[1, 60].Sample(
            moves =>
            {
                SynchronizationContext.SetSynchronizationContext(null); // So that everything happens within the move that causes it.
                var pool = new PoolModel();
                foreach (var move in moves)
                {
                    move(pool);
                    pool.Check();
                }

                pool.End();
            },
            iter: 5_000);

    [Fact]
    public async Task Under_many_threads_everybody_is_served_and_nothing_is_left()
    {
        const int max = 4;
        const int attempts = 2_000;
        var counts = new ConnectionCount();
        var most = 0;
        var pool = new ConnectionPool(
            TestEndpoints.Address("http://backend:80"), ConnectionPolicy.Default with { Max = max }, OpenAsync, counts, TimeProvider.System, () => 0.5);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(seed => Task.Run(() => RunAsync(new Random(seed))))).WaitAsync(6 * RawBackend.Patience);

        Assert.InRange(most, 1, max);
        Assert.Equal((pool.Idle, 0), (counts.Open, pool.Waiting));
        pool.Retire();
        Assert.Equal(0, counts.Open);

        async ValueTask<Stream> OpenAsync()
        {
            await Task.Yield();
            return Random.Shared.Next(8) == 0 ? throw new IOException("refused") : new SilentStream();
        }

        async Task RunAsync(Random random)
        {
            for (var i = 0; i < attempts; i++)
            {
                var waiter = new ConnectionWaiter(random.Next(10) == 0 ? -1 : long.MaxValue / 2);
                var connection = pool.TryTakeIdle(waiter.IdleAtMost);
                if (connection is null)
                {
                    pool.Join(waiter);
                    if (random.Next(8) == 0)
                    {
                        pool.Leave(waiter);
                    }

                    try
                    {
                        connection = await waiter.Task;
                    }
                    catch (Exception error) when (error is IOException or OperationCanceledException)
                    {
                        continue;
                    }
                }

                Interlocked.Exchange(ref most, Math.Max(most, counts.Open)); // Not exact, but never too high.
                if (random.Next(4) == 0)
                {
                    await Task.Yield();
                }

                if (random.Next(8) == 0)
                {
                    connection.Close();
                }
                else
                {
                    pool.Return(connection, null);
                }
            }
        }
    }
}
