namespace Gateway.Node.Limiting;

/// <summary>
/// The buckets of a rate limit, by key. Shared by all loops without a lock, of fixed size, and allocates nothing.
/// <para>
/// A bucket is one number, the time at which it will be full again (the generic cell rate algorithm, ITU-T I.371): a request moves it on by the interval
/// between two requests, and is refused if that would put it further ahead of now than the whole burst takes. With 10 a second and a burst of 5: interval
/// 100 ms, at most 500 ms ahead. Intervals are whole units of 6.25 ns, rounded up, so that a limit is never exceeded; it is undercut by less than a
/// hundred-thousandth at 1,000 a second, and by 0.7 per cent at most near the highest rate there may be, 1,000,000 a second.
/// </para>
/// <para>
/// A key's hash names a set of seven slots. A key that is in none of them takes the slot whose bucket is full soonest: one that is full already if there
/// is any, otherwise the one that has used the least. Insertions into a set are one after another, each announced in the set's first word. Whoever meets
/// one that is under way completes it, so none waits for another, and no key is ever in two slots. Key and time of a slot bear the number of the
/// insertion that they are of: what was read before an insertion cannot be taken for what is there after it.
/// </para>
/// </summary>
internal sealed class RateTable
{
    /// <summary>Units of time in 100 ns.</summary>
    public const int UnitsPerTick = 16;

    /// <summary>Slots of a set.</summary>
    public const int Slots = 7;

    /// <summary>The set's state, its keys, its times, and an unused one: two cache lines.</summary>
    private const int SetWords = 16;

    // The set's state: key print (40 bits), slot that it is put into (3 bits; 0: no insertion is under way), number of insertions (21 bits).
    // A key: print (40 bits), number of its insertion (24 bits). A time: units (56 bits), number of its insertion (8 bits).
    private const int PrintShift = 24;
    private const int SlotShift = 21;
    private const int TimeShift = 8;
    private const long NumberMask = (1L << SlotShift) - 1;
    private const long SlotMask = 7;
    private const long TimeNumberMask = (1L << TimeShift) - 1;
    private const ulong PrintMask = (1UL << 40) - 1;

    private readonly long[] _words;
    private readonly ulong _sets;
    private readonly long _interval;
    private readonly long _capacity;
    private long _forgotten;

    /// <param name="maxKeys">Keys that it has room for; the sets have twice the slots, since keys do not fill them evenly.</param>
    /// <param name="interval">Units between two requests at the limit's rate.</param>
    /// <param name="burst">Requests that may come at once.</param>
    public RateTable(int maxKeys, long interval, int burst)
    {
        _sets = (ulong)Math.Max(1, (2L * maxKeys / Slots) + 1);
        _words = new long[(long)_sets * SetWords];
        (_interval, _capacity) = (interval, checked(interval * burst));
    }

    /// <summary>How many keys were forgotten before their buckets were full, for want of room, since this was last asked.</summary>
    public long TakeForgotten() => Interlocked.Exchange(ref _forgotten, 0);

    /// <summary>Takes one request's worth out of a key's bucket, if it has that much.</summary>
    /// <param name="key">A hash of the key, even over all of its bits.</param>
    /// <param name="now">In units. Loops may differ in it: a clock that is behind is refused rather than let through.</param>
    /// <param name="wait">Units until the bucket will have enough; 0 when the request has been let through.</param>
    public bool TryTake(ulong key, long now, out long wait)
    {
        var set = _words.AsSpan((int)Math.BigMul(key, _sets, out _) * SetWords, SetWords);
        var print = PrintOf(key);
        while (true)
        {
            var state = Volatile.Read(ref set[0]);
            if (SlotIn(state) != 0)
            {
                Complete(set, state);
                continue;
            }

            var slot = Find(set, print);
            if (slot == 0)
            {
                Announce(set, state, print, now);
                continue;
            }

            ref var time = ref set[Slots + slot];
            var before = Volatile.Read(ref time);
            if (PrintIn(Volatile.Read(ref set[slot])) != print)
            {
                continue; // Another key has been put there meanwhile, and perhaps it is that key's time.
            }

            var full = Math.Max(before >> TimeShift, now) + _interval;
            wait = Math.Max(0, full - _capacity - now);
            if (wait > 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref time, (full << TimeShift) | (before & TimeNumberMask), before) == before)
            {
                return true;
            }
        }
    }

    private static int SlotIn(long state) => (int)((state >> SlotShift) & SlotMask);

    private static long PrintIn(long word) => (long)((ulong)word >> PrintShift);

    private static long PrintOf(ulong key) => (long)(key & PrintMask) is var print && print != 0 ? print : 1;

    /// <summary>The slot that a key is in; 0: none.</summary>
    private static int Find(Span<long> set, long print)
    {
        for (var slot = 1; slot <= Slots; slot++)
        {
            if (PrintIn(Volatile.Read(ref set[slot])) == print)
            {
                return slot;
            }
        }

        return 0;
    }

    /// <summary>Says that a key is put into the slot whose bucket is full soonest, unless another insertion was announced meanwhile.</summary>
    private void Announce(Span<long> set, long state, long print, long now)
    {
        var (slot, soonest) = (1, long.MaxValue);
        for (var i = 1; i <= Slots; i++)
        {
            var full = Volatile.Read(ref set[Slots + i]) >> TimeShift;
            if (full < soonest)
            {
                (slot, soonest) = (i, full);
            }
        }

        var announced = (print << PrintShift) | ((long)slot << SlotShift) | ((state + 1) & NumberMask);
        if (Interlocked.CompareExchange(ref set[0], announced, state) == state && soonest > now)
        {
            Interlocked.Increment(ref _forgotten);
        }
    }

    /// <summary>Puts the announced key into its slot, with a full bucket. Each step changes nothing if it has been done by another.</summary>
    private static void Complete(Span<long> set, long state)
    {
        var (slot, number) = (SlotIn(state), state & NumberMask);
        var key = ((long)((ulong)state >> PrintShift) << PrintShift) | number;
        var keyBefore = Volatile.Read(ref set[slot]);
        var timeBefore = Volatile.Read(ref set[Slots + slot]);
        if (Volatile.Read(ref set[0]) != state)
        {
            return;
        }

        if (keyBefore != key)
        {
            Interlocked.CompareExchange(ref set[slot], key, keyBefore);
        }

        var isReset = (timeBefore & TimeNumberMask) == (number & TimeNumberMask) && timeBefore >> TimeShift == 0;
        if (!isReset && Interlocked.CompareExchange(ref set[Slots + slot], number & TimeNumberMask, timeBefore) != timeBefore)
        {
            return; // The key that was there before has used its bucket once more, or another has reset it: look again.
        }

        Interlocked.CompareExchange(ref set[0], number, state);
    }
}
