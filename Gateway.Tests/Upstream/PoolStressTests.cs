using System.Globalization;
using Gateway.Core.Pools;
using Gateway.Tests.EndToEnd.Backends;
using Gateway.Upstream;
using Gateway.Upstream.Http1;

namespace Gateway.Tests.Upstream;

/// <summary>
/// Takes against closes on real threads, for two seconds, or for as many as GATEWAY_STRESS_SECONDS says: a backend that closes connections just as
/// they are taken, returned and closed here. Afterwards every place is accounted for.
/// </summary>
public sealed class PoolStressTests
{
    private const int Max = 8;

    private readonly ConnectionCount _counts = new();
    private readonly ConnectionPool _pool;
    private readonly SilentStream?[] _streams = new SilentStream?[Max];
    private int _made;
    private int _open;
    private int _most;

    public PoolStressTests() => _pool = new(
        TestEndpoints.Address("http://backend:80"), ConnectionPolicy.Default with { Max = Max }, OpenAsync, _counts, TimeProvider.System, () => 0.5);

    private volatile bool _refuses = true;

    private static TimeSpan Time => TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("GATEWAY_STRESS_SECONDS") ?? "2", CultureInfo.InvariantCulture));

    [Fact]
    public async Task Whatever_meets_what_every_place_is_accounted_for()
    {
        using var over = new CancellationTokenSource(Time);
        var takers = Enumerable.Range(0, 4).Select(seed => Task.Run(() => TakeAsync(new Random(seed), over.Token)));
        Task[] others = [OnThread(() => Close(new Random(1), over.Token)), OnThread(() => Close(new Random(2), over.Token)), OnThread(() => CleanUp(over.Token))];

        var taken = (await Task.WhenAll(takers).WaitAsync(Time + (3 * RawBackend.Patience))).Sum();
        await Task.WhenAll(others);

        Assert.True(taken > 0, "no connection was taken");
        Assert.InRange(_most, 1, Max);
        _refuses = false;
        await AssertAllPlacesAsync();
    }

    /// <summary>On a thread of its own, since it spins and would keep the others' continuations waiting.</summary>
    private static Task OnThread(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>As many can be had as there are places, each in its own, and no more.</summary>
    private async Task AssertAllPlacesAsync()
    {
        var waiters = Enumerable.Range(0, Max + 1).Select(_ => new ConnectionWaiter(-1)).ToList();
        waiters.ForEach(_pool.Join);
        var connections = await Task.WhenAll(waiters.Take(Max).Select(waiter => waiter.Task)).WaitAsync(RawBackend.Patience);
        Assert.Equal((Max, Max, 1), (connections.Select(connection => connection.Slot).Distinct().Count(), _counts.Open, _pool.Waiting));
        _pool.Leave(waiters[Max]);
        foreach (var connection in connections)
        {
            _pool.Return(connection, null);
        }

        Assert.Equal(Max, _pool.Idle);
        _pool.Retire();
        Assert.Equal((0, 0, 0), (_counts.Open, _pool.Idle, _pool.Waiting));
        Assert.False(_pool.CleanUp(TimeProvider.System.GetTimestamp()));
    }

    private async Task<int> TakeAsync(Random random, CancellationToken over)
    {
        for (var taken = 0; ; taken++)
        {
            if (over.IsCancellationRequested)
            {
                return taken;
            }

            var waiter = new ConnectionWaiter(random.Next(8) switch { 0 => -1, 1 => 0, _ => ConnectionSlots.HoweverIdle });
            var connection = _pool.TryTakeIdle(waiter.IdleAtMost);
            if (connection is null)
            {
                _pool.Join(waiter);
                if (random.Next(8) == 0)
                {
                    _pool.Leave(waiter);
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

            switch (random.Next(8))
            {
                case 0: connection.Close(); break;
                case 1: connection.SetDeadline(0); _pool.Return(connection, null); break;
                default: _pool.Return(connection, null); break;
            }
        }
    }

    private void Close(Random random, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            Volatile.Read(ref _streams[random.Next(Max)])?.End();
        }
    }

    private void CleanUp(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            _pool.CleanUp(TimeProvider.System.GetTimestamp());
        }
    }

    private async ValueTask<Stream> OpenAsync()
    {
        await Task.Yield();
        var number = Interlocked.Increment(ref _made);
        if (_refuses && number % 16 == 0)
        {
            throw new IOException("refused");
        }

        var stream = new SilentStream(() => Interlocked.Decrement(ref _open));
        var open = Interlocked.Increment(ref _open);
        Interlocked.Exchange(ref _most, Math.Max(_most, open)); // Not exact, but never too high.
        Volatile.Write(ref _streams[number % Max], stream);
        return stream;
    }
}
