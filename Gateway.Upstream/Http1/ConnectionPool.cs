using System.Diagnostics.CodeAnalysis;
using Gateway.Core.Endpoints;
using Gateway.Core.Pools;

namespace Gateway.Upstream.Http1;

/// <summary>
/// The connections to one endpoint, never more than the policy says. The newest idle one is used first, so that the others can grow old
/// and close. Taking and returning an idle connection costs neither lock nor allocation; who finds none joins a line.
/// <para>
/// For each in the line a connect of its own is under way, or all places are taken by connections that are busy, whose end makes room. A connect
/// whose waiter has gone is no other's, who makes its own, unless there is no room for one. Whatever comes, a connection that is returned or a new
/// one, goes to the oldest whom it will do; and whenever something has changed, <see cref="Balance"/> sees to it that this is so.
/// </para>
/// </summary>
internal sealed class ConnectionPool
{
    private static readonly TimeSpan KeepAliveMargin = TimeSpan.FromSeconds(1);

    private readonly ConnectionPolicy _policy;
    private readonly CodecLimits _limits;
    private readonly Func<ValueTask<Stream>> _open;
    private readonly ConnectionCount _counts;
    private readonly TimeProvider _clock;
    private readonly Func<double> _random;
    private readonly ConnectionSlots _slots;
    private readonly WaitingLine _line = new();
    private readonly Lock _gate = new();
    private int _alive;
    private volatile bool _retired;

    /// <param name="open">Connects, and gives up in time.</param>
    /// <param name="random">Random numbers in [0, 1), for the jitter of lifetimes.</param>
    public ConnectionPool(
        EndpointAddress address,
        ConnectionPolicy policy,
        Func<ValueTask<Stream>> open,
        ConnectionCount counts,
        TimeProvider clock,
        Func<double> random)
    {
        (Address, _policy, _open, _counts, _clock, _random) = (address, policy, open, counts, clock, random);
        _limits = CodecLimits.Default with { MaxFields = policy.MaxAnswerFields };
        _slots = new ConnectionSlots(policy.Max, clock);
    }

    public EndpointAddress Address { get; }

    public ConnectionPolicy Policy => _policy;

    /// <summary>Open connections that nobody uses.</summary>
    public int Idle => _slots.CountIdle();

    /// <summary>How many are in the line.</summary>
    public int Waiting => _line.Count;

    /// <summary>The newest idle connection that is still open; null when there is none, or others wait already.</summary>
    /// <param name="idleAtMost">Ticks that it may have been idle, negative for none; older ones stay for others.</param>
    public Http1Connection? TryTakeIdle(long idleAtMost)
    {
        if (!_line.IsEmpty)
        {
            return null;
        }

        var connection = _slots.TryTakeIdle(idleAtMost, out var moved);
        if (moved && !_line.IsEmpty)
        {
            Balance(); // Who has joined meanwhile found neither what was put back nor the places that are free now.
        }

        return connection;
    }

    /// <summary>Joins the line. What comes of it is the waiter's task, which fails as a connect may.</summary>
    public void Join(ConnectionWaiter waiter)
    {
        List<PendingConnect>? begun;
        lock (_gate)
        {
            _line.Add(waiter);
            begun = Match(waiter);
            waiter.Queued = waiter.Connect is null && !waiter.Task.IsCompleted;
        }

        if (waiter.Queued)
        {
            _counts.BeganToWait();
        }

        Begin(begun);
    }

    /// <summary>Leaves the line: the waiter is cancelled if nothing has come of it yet. A connect that is its own goes on, for others.</summary>
    /// <param name="inVain">It has waited for as long as it may.</param>
    public void Leave(ConnectionWaiter waiter, bool inVain = false)
    {
        bool waited;
        lock (_gate)
        {
            waited = _line.TryRemove(waiter);
        }

        if (waited)
        {
            if (inVain)
            {
                _counts.WaitedInVain();
            }

            waiter.SetCanceled();
            if (!_line.IsEmpty)
            {
                Balance(); // Its connect may be somebody's who has none.
            }
        }
    }

    /// <summary>Takes a connection back whose exchange ended cleanly.</summary>
    /// <param name="endpointTimeout">How long the endpoint keeps idle connections, where it says so.</param>
    public void Return(Http1Connection connection, TimeSpan? endpointTimeout)
    {
        var now = _clock.GetTimestamp();
        var idle = _policy.IdleTimeout;
        if (endpointTimeout - KeepAliveMargin is { } theirs && theirs < idle)
        {
            idle = theirs;
        }

        if (_retired || connection.ExpiresAt <= now || idle <= TimeSpan.Zero)
        {
            connection.Close();
        }
        else if (connection.PutIdle(now, now + Ticks(idle)))
        {
            _slots.PushIdle(connection);
            if (_retired)
            {
                connection.CloseIdle();
            }

            if (!_line.IsEmpty)
            {
                Balance();
            }
        }
    }

    /// <summary>Closes what is idle for too long, too old, or past its deadline. Called by the clean-up, every few milliseconds.</summary>
    /// <returns>False when the pool is retired and its last connection closed.</returns>
    public bool CleanUp(long now)
    {
        _slots.Expire(now);
        return !_retired || Volatile.Read(ref _alive) > 0;
    }

    /// <summary>Closes idle connections now and busy ones when they are returned.</summary>
    public void Retire()
    {
        _retired = true;
        _slots.CloseIdle();
    }

    /// <summary>To be called after every change that brings a connection or makes room, if somebody waits.</summary>
    private void Balance()
    {
        List<PendingConnect>? begun;
        lock (_gate)
        {
            begun = Match();
        }

        Begin(begun);
    }

    /// <summary>
    /// Gives idle connections to those who wait for one; for each of the others that has no connect under way it takes a place to connect
    /// in, as far as there is room, else a connect that is nobody's. Under the lock.
    /// </summary>
    /// <param name="joined">Who has just joined, and is the one without a connect if there is one only.</param>
    private List<PendingConnect>? Match(ConnectionWaiter? joined = null)
    {
        for (var place = _line.First; place is not null && !_slots.HasNoIdle;)
        {
            var (waiter, next) = (place.Value, place.Next);
            if (_slots.TryTakeIdle(waiter.IdleAtMost, out _) is { } connection)
            {
                _line.TryRemove(waiter);
                waiter.SetResult(connection);
            }
            else if (waiter.Connect is null)
            {
                break; // An idle one that will not do makes room for one that will; those behind do not overtake.
            }

            place = next;
        }

        List<PendingConnect>? begun = null;
        while (_line.FirstWithoutConnect is { } first)
        {
            // Who takes any idle one gets the next, which may have been returned this moment: its return balances again.
            var waiter = joined is { Connect: null, Task.IsCompleted: false } ? joined : first;
            if (_slots.TryTakeRoom(waiter.IdleAtMost != ConnectionSlots.HoweverIdle, out var slot))
            {
                var connect = new PendingConnect(slot);
                _line.Begin(connect, waiter);
                (begun ??= []).Add(connect);
            }
            else if (!_line.TryTakeOver(first))
            {
                break;
            }
        }

        return begun;
    }

    private void Begin(List<PendingConnect>? connects)
    {
        for (var i = 0; i < connects?.Count; i++)
        {
            Interlocked.Increment(ref _alive);
            _ = ConnectAsync(connects[i]);
        }
    }

    /// <summary>Its connection goes to whoever has waited longest, its failure to the one whose own it is, who may have left.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, a waiter must hear of it.")]
    private async Task ConnectAsync(PendingConnect connect)
    {
        Http1Connection? connection = null;
        Exception? fault = null;
        try
        {
            var lifetime = _policy.MaxLifetime * (0.9 + (0.1 * _random()));
            connection = new Http1Connection(await _open(), connect.Slot, _clock.GetTimestamp() + Ticks(lifetime), OnClosed, _limits);
            _slots.Fill(connection);
            _counts.Opened();
        }
        catch (Exception error)
        {
            fault = error;
            _slots.Release(connect.Slot);
            Interlocked.Decrement(ref _alive);
        }

        ConnectionWaiter? told;
        lock (_gate)
        {
            told = _line.End(connect, made: connection is not null);
        }

        if (fault is not null)
        {
            told?.SetException(fault);
        }
        else if (told is null)
        {
            Return(connection!, null);
        }
        else
        {
            told.SetResult(connection!);
        }

        if (!_line.IsEmpty)
        {
            Balance();
        }
    }

    /// <summary>A busy connection's place is free at once; that of an idle one when it is found on the stack.</summary>
    private void OnClosed(Http1Connection connection, bool idle)
    {
        _counts.Closed();
        Interlocked.Decrement(ref _alive);
        if (!idle)
        {
            _slots.Release(connection.Slot);
        }

        // Under the lock it is the pool itself that makes room, and goes on from there.
        if (!_line.IsEmpty && !_gate.IsHeldByCurrentThread)
        {
            Balance();
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _clock.TimestampFrequency);
}
