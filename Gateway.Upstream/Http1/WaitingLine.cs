namespace Gateway.Upstream.Http1;

/// <summary>Who waits for a connection of one endpoint, the oldest first. All but the counts under the pool's lock.</summary>
internal sealed class WaitingLine
{
    private readonly LinkedList<ConnectionWaiter> _waiters = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// Joining is a full fence: who has put a connection back and then finds the line empty may go, since whoever joins later finds that
    /// connection.
    /// </summary>
    public bool IsEmpty => Count == 0;

    public LinkedListNode<ConnectionWaiter>? First => _waiters.First;

    /// <summary>The oldest that has no connect under way. There is one if fewer connects are under way than wait.</summary>
    public ConnectionWaiter FirstWithoutConnect => _waiters.First(waiter => !waiter.Connecting);

    public void Add(ConnectionWaiter waiter)
    {
        waiter.Place = _waiters.AddLast(waiter);
        Interlocked.Increment(ref _count);
    }

    /// <summary>Whoever takes a waiter out completes it; false: another has.</summary>
    public bool TryRemove(ConnectionWaiter waiter)
    {
        if (waiter.Place is not { } place)
        {
            return false;
        }

        _waiters.Remove(place);
        waiter.Place = null;
        Interlocked.Decrement(ref _count);
        return true;
    }

    /// <summary>Takes the oldest out; null when nobody waits.</summary>
    public ConnectionWaiter? TryRemoveFirst() => _waiters.First?.Value is { } first && TryRemove(first) ? first : null;
}
