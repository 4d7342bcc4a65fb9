namespace Gateway.Node.Limiting;

/// <summary>
/// The buckets of a rate limit, by key. Shared by all loops, of fixed size, and allocates nothing.
/// <para>
/// A bucket is one number, the time at which it will be full again (the generic cell rate algorithm, ITU-T I.371): a request advances it by the interval
/// between two requests, and is refused if that would put it further ahead of now than the duration of the whole burst. With 10 a second and a burst of 5:
/// interval 100 ms, at most 500 ms ahead. Intervals are whole units of 6.25 ns, rounded up, so that a limit is never exceeded; the actual rate is lower by
/// less than a hundred-thousandth at 1,000 a second, and by at most 0.7 % near the highest rate, 1,000,000 a second.
/// </para>
/// <para>
/// A key's hash selects a set of seven slots. A key that is in none of them takes the slot whose bucket is full soonest: a full one if there is any, otherwise
/// the least used. A loop locks the set for the few dozen nanoseconds of an access; two loops collide only if they access the same of many sets at once, and
/// then the second one spins.
/// </para>
/// </summary>
internal sealed class RateTable
{
    /// <summary>Units of time per 100 ns.</summary>
    public const int UnitsPerTick = 16;

    /// <summary>The slots of a set.</summary>
    public const int Slots = 7;

    /// <summary>The words of a set: its lock, its keys, its times, and an unused one; two cache lines.</summary>
    private const int SetWords = 16;

    private readonly long[] _words;
    private readonly ulong _sets;
    private readonly long _interval;
    private readonly long _capacity;
    private long _forgotten;

    /// <param name="maxKeys">The number of keys it has room for; the sets have twice the slots, since keys do not fill them evenly.</param>
    /// <param name="interval">The units between two requests at the limit's rate.</param>
    /// <param name="burst">The most requests at once.</param>
    public RateTable(int maxKeys, long interval, int burst)
    {
        _sets = (ulong)Math.Max(1, (2L * maxKeys / Slots) + 1);
        _words = new long[(long)_sets * SetWords];
        (_interval, _capacity) = (interval, checked(interval * burst));
    }

    /// <summary>The number of keys forgotten before their buckets were full, for lack of room, since the last call.</summary>
    public long TakeForgotten() => Interlocked.Exchange(ref _forgotten, 0);

    /// <summary>Takes one request from a key's bucket, if it has one.</summary>
    /// <param name="key">A hash of the key, uniform in all of its bits.</param>
    /// <param name="now">In units. It may differ between loops: a clock that is behind is refused rather than admitted.</param>
    /// <param name="wait">The units until the bucket will have enough; 0 if the request was admitted.</param>
    public bool TryTake(ulong key, long now, out long wait)
    {
        var set = _words.AsSpan((int)Math.BigMul(key, _sets, out _) * SetWords, SetWords);
        Enter(ref set[0]);
        ref var time = ref set[Slots + SlotOf(set, key == 0 ? 1 : (long)key, now)];
        var full = Math.Max(time, now) + _interval;
        wait = Math.Max(0, full - _capacity - now);
        if (wait == 0)
        {
            time = full;
        }

        Volatile.Write(ref set[0], 0);
        return wait == 0;
    }

    /// <summary>Locks the set for this thread.</summary>
    private static void Enter(ref long owner)
    {
        var spin = default(SpinWait);
        while (Volatile.Read(ref owner) != 0 || Interlocked.CompareExchange(ref owner, 1, 0) != 0)
        {
            spin.SpinOnce(sleep1Threshold: -1); // Yields to a thread that was preempted in there, and never sleeps.
        }
    }

    /// <summary>The slot of a key, which is assigned one with a full bucket if it has none.</summary>
    private int SlotOf(Span<long> set, long key, long now)
    {
        var (slot, soonest) = (1, long.MaxValue);
        for (var i = 1; i <= Slots; i++)
        {
            if (set[i] == key)
            {
                return i;
            }

            // An unused slot is taken before that of a key whose bucket is still unused.
            var full = set[i] == 0 ? -1 : set[Slots + i];
            if (full < soonest)
            {
                (slot, soonest) = (i, full);
            }
        }

        if (soonest > now)
        {
            Interlocked.Increment(ref _forgotten);
        }

        (set[slot], set[Slots + slot]) = (key, 0);
        return slot;
    }
}
