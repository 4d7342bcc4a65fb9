using System.Net;
using Gateway.Core.Cells;
using Gateway.Upstream;

namespace Gateway.Node.Engine;

/// <summary>
/// Counts the connections of all loops to one endpoint, and queues attempts at the limit. The connections themselves belong to their loops. Counting is
/// lock-free; the queue, which forms only at the limit, uses a short lock.
/// </summary>
internal sealed class EndpointConnections
{
    private readonly LinkedList<ConnectionWait> _line = new();
    private readonly Lock _gate = new();
    private int _maxOpen = int.MaxValue;
    private int _open;
    private int _idle;
    private int _waiting;
    private long _created;
    private long _queued;
    private long _timedOut;
    private volatile bool _retired;

    public EndpointConnections(EndpointCell cell)
    {
        Cell = cell;
        IsTls = cell.Id.Address.IsTls;
        if (IPAddress.TryParse(cell.Id.Address.Host.Trim('[', ']'), out var address))
        {
            Address = AddressOf(address, cell.Id.Address.Port);
        }
    }

    public EndpointCell Cell { get; }

    public bool IsTls { get; }

    /// <summary>The endpoint's address as a sockaddr; null if its host is a name, which is resolved for each connection.</summary>
    public byte[]? Address { get; }

    /// <summary>Whether the endpoint has left its pool, so that no connection is kept.</summary>
    public bool IsRetired => _retired;

    /// <summary>The idle connections of all loops.</summary>
    public int Idle => Volatile.Read(ref _idle);

    /// <summary>Whether any attempt waits for a connection.</summary>
    public bool HasWaiters => Volatile.Read(ref _waiting) > 0;

    public ConnectionReading Reading => new(
        Volatile.Read(ref _open), Interlocked.Read(ref _created), Volatile.Read(ref _idle), Volatile.Read(ref _waiting),
        Interlocked.Read(ref _queued), Interlocked.Read(ref _timedOut));

    public static byte[] AddressOf(IPAddress address, int port)
    {
        var native = new IPEndPoint(address, port).Serialize();
        return native.Buffer.Span[..native.Size].ToArray();
    }

    public void Retire() => _retired = true;

    /// <summary>Takes a place for a connection, if there is one.</summary>
    public bool TryReserve(int max)
    {
        if (Interlocked.Increment(ref _open) <= max)
        {
            return true;
        }

        Interlocked.Decrement(ref _open);
        return false;
    }

    public void Connected() => Interlocked.Increment(ref _created);

    public void Idled(int by) => Interlocked.Add(ref _idle, by);

    public void TimedOut() => Interlocked.Increment(ref _timedOut);

    /// <summary>Releases a place: it goes to the attempt that has waited longest.</summary>
    public void Release()
    {
        if (HasWaiters && TakeFirst() is { } first)
        {
            first.Grant();
            return;
        }

        if (Interlocked.Decrement(ref _open) < 0)
        {
            Interlocked.Increment(ref _open); // A miscount must not cost others their connections.
            if (EngineIngress.IsChecked)
            {
                throw new InvalidOperationException("a connection slot was released twice");
            }
        }

        if (HasWaiters)
        {
            // An attempt joined between the check and the release; the place may still be for it.
            Offer();
        }
    }

    /// <summary>Joins the queue.</summary>
    /// <param name="offers">Whether there may already be a place for it.</param>
    public void Join(ConnectionWait wait, int max, bool offers)
    {
        lock (_gate)
        {
            _line.AddLast(wait);
            Volatile.Write(ref _waiting, _line.Count);
        }

        Interlocked.Increment(ref _queued);
        _maxOpen = max;
        if (offers)
        {
            Offer();
        }
    }

    /// <summary>Leaves the queue. False if a place was granted already.</summary>
    public bool Leave(ConnectionWait wait)
    {
        lock (_gate)
        {
            var left = _line.Remove(wait);
            Volatile.Write(ref _waiting, _line.Count);
            return left;
        }
    }

    /// <summary>Gives free places to queued attempts.</summary>
    public void Offer()
    {
        while (HasWaiters && TryReserve(Volatile.Read(ref _maxOpen)))
        {
            if (TakeFirst() is { } first)
            {
                first.Grant();
            }
            else
            {
                Interlocked.Decrement(ref _open);
            }
        }
    }

    /// <summary>Removes and returns the attempt that has waited longest; null if the queue is empty.</summary>
    public ConnectionWait? TakeFirst()
    {
        if (!HasWaiters)
        {
            return null;
        }

        lock (_gate)
        {
            if (_line.First?.Value is not { } first)
            {
                return null;
            }

            _line.RemoveFirst();
            Volatile.Write(ref _waiting, _line.Count);
            return first;
        }
    }
}
