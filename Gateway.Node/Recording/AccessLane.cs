using System.Diagnostics.CodeAnalysis;

namespace Gateway.Node.Recording;

/// <summary>
/// Where one loop gets its records, and hands them over. The loop neither waits nor allocates once it has as many as it needs: those that were read come
/// back by a ring of their own.
/// </summary>
internal sealed class AccessLane(AccessQueue queue, AccessPolicy policy)
{
    /// <summary>Texts that may wait for being written, in bytes.</summary>
    private const long MostText = 8 * 1024 * 1024;

    private readonly AccessRing _over = new(policy.Queue, MostText);
    private readonly AccessRing _read = new(policy.Queue, long.MaxValue);
    private readonly Stack<AccessRecord> _free = new();
    private long _dropped;
    private long _left;

    public AccessPolicy Policy => policy;

    /// <summary>Records that are over and not read yet.</summary>
    public int Waiting => _over.Count;

    /// <summary>Records that were dropped since nobody read those before them. By any thread.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Records that sampling has left out. By any thread.</summary>
    public long LeftOut => Volatile.Read(ref _left);

    /// <summary>A record to fill. On the loop.</summary>
    public AccessRecord Rent() => _free.TryPop(out var free) || _read.TryTake(out free) ? free : new AccessRecord(policy.Fields.Length);

    /// <summary>Hands over a record whose request is over. On the loop.</summary>
    /// <param name="unit">Random, uniform in [0, 1).</param>
    public void End(AccessRecord record, double unit)
    {
        if (!policy.Tells(record, unit))
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

    /// <summary>A record that is over. By the reader alone.</summary>
    public bool TryTake([NotNullWhen(true)] out AccessRecord? record) => _over.TryTake(out record);

    /// <summary>The record has been read. By the reader alone.</summary>
    public void GiveBack(AccessRecord record) => _read.TryPut(record); // Beyond that there are more than are ever needed.
}
