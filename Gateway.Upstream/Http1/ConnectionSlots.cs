namespace Gateway.Upstream.Http1;

/// <summary>
/// The places of one endpoint's connections, as many as there may be. A place is free, busy (being connected, or with an attempt's connection), idle
/// (on a stack, the newest on top) or closing (its connection has closed on that stack, or is about to close), and leaves each of these once: whoever
/// takes it off a stack owns it, and an owner either uses it or frees it. No locks, no allocations.
/// </summary>
internal sealed class ConnectionSlots(int max, TimeProvider clock)
{
    /// <summary>An idle time that every connection is within.</summary>
    public const long HoweverIdle = long.MaxValue;

    private readonly Http1Connection?[] _connections = new Http1Connection?[max];
    private readonly SlotStack _free = new(max, full: true);
    private readonly SlotStack _idle = new(max, full: false);
    private int _used;

    /// <summary>Whether none is idle. Those on the stack may have closed meanwhile.</summary>
    public bool HasNoIdle => _idle.IsEmpty;

    /// <summary>Idle connections that are open, counted one by one.</summary>
    public int CountIdle()
    {
        var idle = 0;
        foreach (var connection in _connections.AsSpan(0, Volatile.Read(ref _used)))
        {
            idle += connection is { IsIdle: true } ? 1 : 0;
        }

        return idle;
    }

    /// <summary>The newest idle connection that is still open; null when there is none.</summary>
    /// <param name="idleAtMost">Ticks that it may have been idle, if it is not negative; older ones stay for others.</param>
    /// <param name="moved">Whether places were freed or put back, which somebody who waits may have missed.</param>
    public Http1Connection? TryTakeIdle(long idleAtMost, out bool moved)
    {
        moved = false;
        while (idleAtMost >= 0 && _idle.TryPop(out var slot))
        {
            var connection = Volatile.Read(ref _connections[slot]);
            if (idleAtMost != HoweverIdle && connection is not null && connection.IdleSince + idleAtMost < clock.GetTimestamp())
            {
                moved = true;
                _idle.Push(slot); // The newest is too old, and so are those below it.
                return null;
            }

            if (connection is not null && connection.TryTake())
            {
                return connection;
            }

            moved = true;
            Release(slot);
        }

        return null;
    }

    /// <summary>A place to connect in.</summary>
    /// <param name="closeIdle">Where all are taken, an idle connection makes room.</param>
    public bool TryTakeRoom(bool closeIdle, out int slot)
    {
        while (!_free.TryPop(out slot))
        {
            if (!closeIdle || !_idle.TryPop(out var old))
            {
                return false;
            }

            if (Volatile.Read(ref _connections[old]) is { } connection && connection.TryTake())
            {
                connection.Close(); // Which frees its place.
            }
            else
            {
                Release(old);
            }
        }

        return true;
    }

    /// <summary>A connection has been made in a place that was taken for it.</summary>
    public void Fill(Http1Connection connection)
    {
        Volatile.Write(ref _connections[connection.Slot], connection);

        // Low places are used first, so the clean-up need not look beyond the highest ever used.
        for (var used = Volatile.Read(ref _used); used <= connection.Slot;)
        {
            var before = Interlocked.CompareExchange(ref _used, connection.Slot + 1, used);
            used = before == used ? connection.Slot + 1 : before;
        }
    }

    public void PushIdle(Http1Connection connection) => _idle.Push(connection.Slot);

    /// <summary>Frees a place: no connection came about in it, or its connection has closed and is on no stack.</summary>
    public void Release(int slot)
    {
        Volatile.Write(ref _connections[slot], null);
        _free.Push(slot);
    }

    public void Expire(long now)
    {
        foreach (var connection in _connections.AsSpan(0, Volatile.Read(ref _used)))
        {
            connection?.Expire(now);
        }
    }

    public void CloseIdle()
    {
        foreach (var connection in _connections.AsSpan(0, Volatile.Read(ref _used)))
        {
            connection?.CloseIdle();
        }
    }
}
