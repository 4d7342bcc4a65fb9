namespace Gateway.Upstream.Http1;

/// <summary>
/// Who waits for a connection of one endpoint, the oldest first, and which connects are under way for them: each is one waiter's own, or nobody's
/// since that one has gone. All but the counts under the pool's lock.
/// </summary>
internal sealed class WaitingLine
{
    private readonly LinkedList<ConnectionWaiter> _waiters = new();
    private readonly List<PendingConnect> _nobodys = [];
    private int _count;
    private int _connecting;

    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// Joining is a full fence: who has put a connection back, or freed a place, and then finds the line empty may go, since whoever joins later
    /// finds what it did.
    /// </summary>
    public bool IsEmpty => Count == 0;

    public LinkedListNode<ConnectionWaiter>? First => _waiters.First;

    /// <summary>The oldest that has no connect of its own; null when all have one.</summary>
    public ConnectionWaiter? FirstWithoutConnect =>
        _connecting < _waiters.Count ? _waiters.First(waiter => waiter.Connect is null) : null;

    public void Add(ConnectionWaiter waiter)
    {
        waiter.Place = _waiters.AddLast(waiter);
        Interlocked.Increment(ref _count);
    }

    /// <summary>Whoever takes a waiter out completes it; false: another has. Its connect goes on, for whoever takes it over.</summary>
    public bool TryRemove(ConnectionWaiter waiter)
    {
        if (waiter.Place is not { } place)
        {
            return false;
        }

        _waiters.Remove(place);
        waiter.Place = null;
        Interlocked.Decrement(ref _count);
        if (waiter.Connect is { } connect)
        {
            Part(connect, waiter);
            _nobodys.Add(connect);
        }

        return true;
    }

    /// <summary>A connect is begun for one that waits.</summary>
    public void Begin(PendingConnect connect, ConnectionWaiter waiter)
    {
        (connect.For, waiter.Connect) = (waiter, connect);
        _connecting++;
    }

    /// <summary>Makes a connect that is nobody's the waiter's own, the one begun last; false: there is none.</summary>
    public bool TryTakeOver(ConnectionWaiter waiter)
    {
        if (_nobodys.Count == 0)
        {
            return false;
        }

        var connect = _nobodys[^1];
        _nobodys.RemoveAt(_nobodys.Count - 1);
        Begin(connect, waiter);
        return true;
    }

    /// <summary>A connect has ended: takes out who is to be told, if anybody. A connection goes to the oldest, a failure to whose own it was.</summary>
    public ConnectionWaiter? End(PendingConnect connect, bool made)
    {
        var own = connect.For;
        if (own is null)
        {
            _nobodys.Remove(connect);
        }
        else
        {
            Part(connect, own);
        }

        var told = made ? _waiters.First?.Value : own;
        if (told is not null)
        {
            TryRemove(told);
        }

        if (made && own is not null && own != told)
        {
            TryTakeOver(own); // Its own has served another, whose own is now nobody's.
        }

        return told;
    }

    private void Part(PendingConnect connect, ConnectionWaiter waiter)
    {
        (connect.For, waiter.Connect) = (null, null);
        _connecting--;
    }
}
