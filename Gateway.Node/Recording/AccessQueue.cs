using System.Collections.Immutable;

namespace Gateway.Node.Recording;

/// <summary>
/// All lanes, for their one reader. While there is nothing to read the reader sleeps, at no cost; the first record wakes it on a thread of the pool, so that a
/// loop only queues the work item. An awake reader checks by itself, and is hurried when a lane is half full.
/// </summary>
internal sealed class AccessQueue(AccessPolicy policy) : IThreadPoolWorkItem
{
    private ImmutableArray<AccessLane> _lanes = [];
    private Action? _wake;
    private int _asleep;
    private int _wakeRequested;
    private volatile bool _isComplete;

    /// <summary>Whether no more records come.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>Whether the reader sleeps.</summary>
    public bool IsAsleep => Volatile.Read(ref _asleep) != 0;

    public ImmutableArray<AccessLane> Lanes => _lanes;

    /// <summary>The finished records not read yet.</summary>
    public int Waiting => _lanes.Sum(static lane => lane.Waiting);

    public long Dropped => _lanes.Sum(static lane => lane.Dropped);

    public long LeftOut => _lanes.Sum(static lane => lane.LeftOut);

    /// <summary>Adds a loop's lane.</summary>
    public AccessLane AddLane()
    {
        var lane = new AccessLane(this, policy);
        ImmutableInterlocked.Update(ref _lanes, static (lanes, added) => lanes.Add(added), lane);
        return lane;
    }

    /// <summary>Sets the callback that wakes the reader; it may be called on any thread.</summary>
    public void Attach(Action wake) => Volatile.Write(ref _wake, wake);

    /// <summary>Called on a loop when a record was put.</summary>
    /// <param name="isHurried">Whether its lane has become half full.</param>
    public void Put(bool isHurried)
    {
        Interlocked.MemoryBarrier(); // The record is put before the flag is read; the reader sets the flag before it looks.
        if ((Volatile.Read(ref _asleep) != 0 && Interlocked.Exchange(ref _asleep, 0) != 0) || (isHurried && Interlocked.Exchange(ref _wakeRequested, 1) == 0))
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Puts the reader to sleep. False if there is something to read after all.</summary>
    public bool TrySleep()
    {
        Volatile.Write(ref _asleep, 1);
        Interlocked.MemoryBarrier();
        return (Waiting == 0 && !_isComplete) || Interlocked.Exchange(ref _asleep, 0) == 0; // The side that takes the flag wakes.
    }

    /// <summary>Called when the reader reads; it may then be hurried again.</summary>
    public void Look() => Volatile.Write(ref _wakeRequested, 0);

    /// <summary>Ends the records: those present are read to the end.</summary>
    public void Complete()
    {
        _isComplete = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => Volatile.Read(ref _wake)?.Invoke();
}
