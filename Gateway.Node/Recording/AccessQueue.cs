using System.Collections.Immutable;

namespace Gateway.Node.Recording;

/// <summary>
/// All lanes, as their one reader sees them. While there is nothing to read the reader sleeps, and costs nothing; the first record wakes it by a thread of
/// the pool, which a loop only queues for. A reader that is awake looks by itself, and is hurried when a lane is half full.
/// </summary>
internal sealed class AccessQueue(AccessPolicy policy) : IThreadPoolWorkItem
{
    private ImmutableArray<AccessLane> _lanes = [];
    private Action? _wake;
    private int _asleep;
    private int _hurried;
    private volatile bool _isComplete;

    /// <summary>Whether no more records come.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>Whether the reader sleeps.</summary>
    public bool IsAsleep => Volatile.Read(ref _asleep) != 0;

    public ImmutableArray<AccessLane> Lanes => _lanes;

    /// <summary>Records that are over and not read yet.</summary>
    public int Waiting => _lanes.Sum(static lane => lane.Waiting);

    public long Dropped => _lanes.Sum(static lane => lane.Dropped);

    public long LeftOut => _lanes.Sum(static lane => lane.LeftOut);

    /// <summary>A loop's lane.</summary>
    public AccessLane AddLane()
    {
        var lane = new AccessLane(this, policy);
        ImmutableInterlocked.Update(ref _lanes, static (lanes, added) => lanes.Add(added), lane);
        return lane;
    }

    /// <summary>Says how the reader is woken; the call may come from any thread.</summary>
    public void Attach(Action wake) => Volatile.Write(ref _wake, wake);

    /// <summary>A record was put. On a loop.</summary>
    /// <param name="isHurried">Its lane has become half full.</param>
    public void Put(bool isHurried)
    {
        Interlocked.MemoryBarrier(); // The record is there before the reader is looked at, as the reader says that it sleeps before it looks.
        if ((Volatile.Read(ref _asleep) != 0 && Interlocked.Exchange(ref _asleep, 0) != 0) || (isHurried && Interlocked.Exchange(ref _hurried, 1) == 0))
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>The reader is going to sleep. False: there is something to read after all.</summary>
    public bool TrySleep()
    {
        Volatile.Write(ref _asleep, 1);
        Interlocked.MemoryBarrier();
        return (Waiting == 0 && !_isComplete) || Interlocked.Exchange(ref _asleep, 0) == 0; // Who has taken the flag wakes.
    }

    /// <summary>The reader looks now, and may be hurried anew.</summary>
    public void Look() => Volatile.Write(ref _hurried, 0);

    /// <summary>No more records come: what is there is to be read to its end.</summary>
    public void Complete()
    {
        _isComplete = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => Volatile.Read(ref _wake)?.Invoke();
}
