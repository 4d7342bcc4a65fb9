using System.Diagnostics.CodeAnalysis;

namespace Gateway.Node.Recording;

/// <summary>
/// Provides one loop's records and takes the finished ones. The loop neither waits nor allocates once it has as many as it needs: records that were read return
/// through a ring of their own.
/// </summary>
internal sealed class AccessLane(AccessQueue queue, AccessPolicy policy)
{
    /// <summary>The most bytes of texts waiting to be written.</summary>
    private const long MaxTextBytes = 8 * 1024 * 1024;

    private readonly AccessRing _over = new(policy.Queue, MaxTextBytes);
    private readonly AccessRing _read = new(policy.Queue, long.MaxValue);
    private readonly Stack<AccessRecord> _free = new();
    private long _dropped;
    private long _left;

    public AccessPolicy Policy => policy;

    /// <summary>The finished records not read yet.</summary>
    public int Waiting => _over.Count;

    /// <summary>The records dropped because the reader was too slow. Thread-safe.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>The records left out by sampling. Thread-safe.</summary>
    public long LeftOut => Volatile.Read(ref _left);

    /// <summary>A record to fill. Called on the loop.</summary>
    public AccessRecord Rent() => _free.TryPop(out var free) || _read.TryTake(out free) ? free : new AccessRecord(policy.Fields.Length);

    /// <summary>Passes on a record whose request is over. Called on the loop.</summary>
    /// <param name="unit">Random, uniform in [0, 1).</param>
    public void End(AccessRecord record, double unit)
    {
        if (!policy.Includes(record, unit))
        {
            Volatile.Write(ref _left, _left + 1);
            _free.Push(record);
        }
        else if (!_over.TryPut(record))
        {
            Volatile.Write(ref _dropped, _dropped + 1);
            _free.Push(record);
        }
        else
        {
            queue.Put(isHurried: _over.Count == _over.Capacity / 2);
        }
    }

    /// <summary>Takes a finished record. Called by the reader only.</summary>
    public bool TryTake([NotNullWhen(true)] out AccessRecord? record) => _over.TryTake(out record);

    /// <summary>Returns a record after reading. Called by the reader only.</summary>
    public void GiveBack(AccessRecord record) => _read.TryPut(record); // Records beyond the ring's capacity are never needed.
}
