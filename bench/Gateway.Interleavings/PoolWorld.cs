using System.Net.Sockets;
using Gateway.Core.Endpoints;
using Gateway.Core.Pools;
using Gateway.Tests.Upstream;
using Gateway.Upstream;
using Gateway.Upstream.Http1;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Interleavings;

/// <summary>How an attempt that took a connection ends.</summary>
internal enum Attempted
{
    /// <summary>Its connection goes back.</summary>
    Well,

    /// <summary>Its connection closes.</summary>
    Badly,

    /// <summary>Not within the scenario.</summary>
    Kept,

    /// <summary>As <see cref="Kept"/>, and it is usually one of those that wait.</summary>
    Waits,
}

/// <summary>A pool whose connects, backend and attempts are moves of a scenario's threads; afterwards it is looked at for what the pool owes.</summary>
internal sealed class PoolWorld
{
    public const int Max = 2;

    private readonly FakeTimeProvider _clock = new();
    private readonly ConnectionCount _counts = new();
    private readonly ConnectionPool _pool;
    private readonly List<TaskCompletionSource<Stream>> _connects = [];
    private readonly List<SilentStream> _streams = [];
    private readonly List<Http1Connection> _busy = [];
    private readonly List<ConnectionWaiter> _waiters = [];
    private bool _retired;

    public PoolWorld()
    {
        SynchronizationContext.SetSynchronizationContext(null);
        if (!EndpointAddress.TryParse("http://backend:80", out var address, out var fault))
        {
            throw new InvalidOperationException(fault);
        }

        _pool = new(address, ConnectionPolicy.Default with { Max = Max }, OpenAsync, _counts, _clock, () => 0.5);
    }

    public long Now => _clock.GetTimestamp();

    private static long Any => ConnectionSlots.HoweverIdle;

    private int Open => _streams.Count(stream => !stream.IsDisposed);

    // Moves. Those before the scenario's threads run are made by one.
    public Http1Connection MakeBusy()
    {
        var waiter = new ConnectionWaiter(-1);
        _pool.Join(waiter);
        FinishConnect(succeed: true);
        TakeIn(waiter);
        return _busy[^1];
    }

    public void MakeIdle(int count)
    {
        var made = Enumerable.Range(0, count).Select(_ => MakeBusy()).ToList();
        made.ForEach(Return);
    }

    public IReadOnlyList<Http1Connection> MakeAllBusy() => MakeAllBusyBut(0);

    public IReadOnlyList<Http1Connection> MakeAllBusyBut(int free) => [.. Enumerable.Range(0, Max - free - Open).Select(_ => MakeBusy())];

    public void Pass(TimeSpan time) => _clock.Advance(time);

    public void Attempt(Attempted end) => Attempt(Any, end);

    public void AttemptFresh() => Attempt(TimeSpan.FromSeconds(2).Ticks, Attempted.Kept);

    public void AttemptNew() => Attempt(-1, Attempted.Kept);

    public void AttemptAndLeave()
    {
        if (Attempt(Any, Attempted.Kept) is { } waiter)
        {
            Leave(waiter);
        }
    }

    public ConnectionWaiter Join(long idleAtMost = -1)
    {
        var waiter = new ConnectionWaiter(idleAtMost);
        _waiters.Add(waiter);
        _pool.Join(waiter);
        return waiter;
    }

    public void Leave(ConnectionWaiter waiter) => _pool.Leave(waiter);

    public void Return(Http1Connection connection)
    {
        _busy.Remove(connection);
        _pool.Return(connection, endpointTimeout: null);
    }

    public void CloseByBackend(int which) => _streams[which].End();

    public void CleanUp() => _pool.CleanUp(Now);

    public void Retire()
    {
        _retired = true;
        _pool.Retire();
    }

    public void FinishConnect(bool succeed)
    {
        var connect = _connects[0];
        _connects.RemoveAt(0);
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

    /// <summary>What the pool owes after the scenario: null if nothing.</summary>
    public Exception? FindFault()
    {
        try
        {
            TakeIn();
            var (waiting, idle) = (_waiters.Count, _pool.Idle);
            Require(Open + _connects.Count <= Max, $"{Open} connections are open and {_connects.Count} being made; allowed: {Max}");
            Require(
                waiting <= _connects.Count || Open - idle + _connects.Count == Max,
                $"{waiting} wait, {_connects.Count} connects are under way, {Open} are open, {idle} of them idle: somebody is stranded");
            Require(waiting == 0 || idle == 0 || _waiters.All(waiter => waiter.IdleAtMost < Any), $"{waiting} wait beside {idle} idle connections");
            Settle();
            AccountForPlaces();
            return null;
        }
        catch (InvalidOperationException fault)
        {
            return fault;
        }
    }

    private ConnectionWaiter? Attempt(long idleAtMost, Attempted end)
    {
        if (_pool.TryTakeIdle(idleAtMost) is not { } connection)
        {
            return Join(idleAtMost);
        }

        switch (end)
        {
            case Attempted.Well: _pool.Return(connection, endpointTimeout: null); break;
            case Attempted.Badly: connection.Close(); break;
            default: _busy.Add(connection); break;
        }

        return null;
    }

    private void TakeIn()
    {
        foreach (var served in _waiters.Where(waiter => waiter.Task.IsCompleted).ToList())
        {
            _waiters.Remove(served);
            TakeIn(served);
        }
    }

    private void TakeIn(ConnectionWaiter served)
    {
        if (served.Task.IsCompletedSuccessfully)
        {
            _busy.Add(served.Task.GetAwaiter().GetResult());
        }
    }

    /// <summary>Everything ends well, so that everybody is served.</summary>
    private void Settle()
    {
        for (var rounds = 0; _waiters.Count > 0 || _connects.Count > 0 || _busy.Count > 0; rounds++)
        {
            Require(rounds < 100, $"{_waiters.Count} are never served");
            if (_connects.Count > 0)
            {
                FinishConnect(succeed: true);
            }

            if (_busy.Count > 0)
            {
                Return(_busy[0]);
            }

            TakeIn();
        }
    }

    /// <summary>As many connections can be had as are allowed, each in a place of its own, and no more.</summary>
    private void AccountForPlaces()
    {
        if (!_retired)
        {
            for (var i = 0; i <= Max; i++)
            {
                Join();
            }

            Require(_connects.Count == Max, $"{_connects.Count} places can be had; there are {Max}");
            while (_connects.Count > 0)
            {
                FinishConnect(succeed: true);
            }

            TakeIn();
            var places = _busy.Select(connection => connection.Slot).Distinct().Count();
            Require((_busy.Count, places) == (Max, Max), $"{_busy.Count} connections are in {places} places");
            Settle();
            _pool.Retire();
        }

        Require((_counts.Open, Open, _pool.Waiting, _pool.Idle) == (0, 0, 0, 0), $"{_counts.Open} ({Open}) stay open, {_pool.Waiting} wait, {_pool.Idle} are idle");
        Require(!_pool.CleanUp(Now), "a retired pool that is empty is not over");
    }

    private static void Require(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new InvalidOperationException(otherwise);
        }
    }

    private ValueTask<Stream> OpenAsync()
    {
        var connect = new TaskCompletionSource<Stream>();
        _connects.Add(connect);
        return new(connect.Task);
    }
}
