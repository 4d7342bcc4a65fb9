using System.Net.Sockets;
using Gateway.Core.Pools;
using Gateway.Upstream;
using Gateway.Upstream.Http1;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Upstream;

/// <summary>
/// A connection pool whose connects, backend and attempts are moves of a test: made one at a time on one thread, so that after each of them
/// everything that it causes has happened. Knows what the pool owes, and looks whether it is so.
/// </summary>
internal sealed class PoolModel
{
    public const int Max = 3;

    private readonly FakeTimeProvider _clock = new();
    private readonly ConnectionCount _counts = new();
    private readonly ConnectionPool _pool;
    private readonly List<TaskCompletionSource<Stream>> _connects = [];
    private readonly List<SilentStream> _streams = [];
    private readonly List<Http1Connection> _busy = [];
    private readonly List<ConnectionWaiter> _line = [];

    public PoolModel() => _pool = new(
        TestEndpoints.Address("http://backend:80"), ConnectionPolicy.Default with { Max = Max }, OpenAsync, _counts, _clock, () => 0.5);

    private int Open => _streams.Count(stream => !stream.IsDisposed);

    /// <summary>An attempt wants a connection: any, a fresh one, or a new one.</summary>
    public void Ask(int kind)
    {
        var idleAtMost = kind switch { 0 => TimeSpan.FromDays(1).Ticks, 1 => TimeSpan.FromSeconds(2).Ticks, _ => -1 };
        if (_pool.TryTakeIdle(idleAtMost) is { } idle)
        {
            Assert.Empty(_line);
            _busy.Add(idle);
            return;
        }

        var waiter = new ConnectionWaiter(idleAtMost);
        _line.Add(waiter);
        _pool.Join(waiter);
    }

    public void FinishConnect(int which, bool succeed)
    {
        if (Pick(_connects, which) is { } connect)
        {
            _connects.Remove(connect);
            if (succeed)
            {
                var stream = new SilentStream();
                _streams.Add(stream);
                connect.SetResult(stream);
            }
            else
            {
                connect.SetException(new SocketException((int)SocketError.ConnectionRefused));
            }
        }
    }

    /// <summary>An attempt ends well, and gives its connection back.</summary>
    public void Return(int which)
    {
        if (Pick(_busy, which) is { } connection)
        {
            _busy.Remove(connection);
            _pool.Return(connection, endpointTimeout: null);
        }
    }

    /// <summary>An attempt ends badly.</summary>
    public void Break(int which)
    {
        if (Pick(_busy, which) is { } connection)
        {
            _busy.Remove(connection);
            connection.Close();
        }
    }

    /// <summary>The backend closes a connection, whoever has it.</summary>
    public void CloseByBackend(int which) => Pick(_streams, which)?.End();

    /// <summary>One that waits waits no longer.</summary>
    public void Leave(int which)
    {
        if (Pick(_line, which) is { } waiter)
        {
            _pool.Leave(waiter);
        }
    }

    public void Pass(TimeSpan time)
    {
        _clock.Advance(time);
        _pool.CleanUp(_clock.GetTimestamp());
    }

    /// <summary>Takes in what the last move caused, and fails if the pool owes anybody anything.</summary>
    public void Check()
    {
        var served = _line.Where(waiter => waiter.Task.IsCompleted).ToList();
        foreach (var waiter in served.Where(waiter => waiter.Task.IsCompletedSuccessfully))
        {
            var connection = waiter.Task.Result;
            _busy.Add(connection);
            var age = connection.Reused ? _clock.GetTimestamp() - connection.IdleSince : -1;
            var overtaken = _line.TakeWhile(other => other != waiter).Where(older => !older.Task.IsCompleted);
            Assert.All(overtaken, older => Assert.True(older.IdleAtMost < age, "a younger one got what an older would have taken"));
        }

        _line.RemoveAll(served.Contains);
        Assert.InRange(Open + _connects.Count, 0, Max);
        Assert.Equal((Open, _line.Count), (_counts.Open, _pool.Waiting));
        Assert.Equal(Open, _busy.Count(connection => !connection.IsClosed) + _pool.Idle);
        Assert.True(
            _line.Count <= _connects.Count || Open - _pool.Idle + _connects.Count == Max,
            $"{_line.Count} wait, {_connects.Count} connects are under way, {Open} are open, {_pool.Idle} idle");
    }

    /// <summary>Lets everything end well, and fails unless everybody is served and nothing is left.</summary>
    public void End()
    {
        while (_line.Count > 0 || _connects.Count > 0 || _busy.Count > 0)
        {
            FinishConnect(0, succeed: true);
            Return(0);
            Check();
        }

        _pool.Retire();
        Assert.Equal((0, 0, 0), (_counts.Open, _pool.Waiting, _pool.Idle));
        Assert.False(_pool.CleanUp(_clock.GetTimestamp()));
    }

    private static T? Pick<T>(List<T> from, int which)
        where T : class => from.Count == 0 ? null : from[which % from.Count];

    private ValueTask<Stream> OpenAsync()
    {
        var connect = new TaskCompletionSource<Stream>();
        _connects.Add(connect);
        return new(connect.Task);
    }
}
